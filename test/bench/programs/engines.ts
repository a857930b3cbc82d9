// PUT and GET through a node whose values are in one Redis, beside webdis on the same server and a
// node that holds the values itself, in turns; then three nodes in front of a Cluster of three
// primaries.
import { portRange } from '../../support/processes/ports';
import { RedisCluster } from '../../support/redis/redis-cluster';
import { RedisServer, SERVER_PROGRAM } from '../../support/redis/redis-server';
import { type HttpTarget, type Rate, rateOf } from '../load/port-rates';
import { isInstalled, startWebdisAt } from '../load/webdis';
import { startLauncher } from '../machine/launcher';
import { type Bench, CannotMeasureError } from '../program';
import { milliseconds, type Report, type Table } from '../report';

const ROUNDS = 3;
const SECONDS = 3;
const CONNECTIONS = [1, 32, 256];
const VALUE_BYTES = 100;
const NODES = 3;
const METHODS = ['PUT', 'GET'] as const;

interface Measured extends Rate {
  readonly target: string;
  readonly method: (typeof METHODS)[number];
  readonly connections: number;
}

export async function engines(bench: Bench): Promise<Report> {
  if (SERVER_PROGRAM === null || !isInstalled('wrk'))
    throw new CannotMeasureError('needs redis-server and wrk');
  const server = await RedisServer.start(await portRange(1));
  const onServer = await startNodes(bench, 'node on one server', `redis://127.0.0.1:${server.port}`);
  const gossip = await startNodes(bench, 'node with gossip', '');
  const webdis = isInstalled('webdis') ? [await startWebdis(bench, server.port)] : [];
  const one = measureAll(bench, [first(onServer), ...webdis, first(gossip)]);
  bench.processes.killAll();
  await server.stop();
  const cluster = await RedisCluster.start();
  const three = measureAll(bench, [await startNodes(bench, 'three nodes on a cluster', cluster.url)]);
  bench.processes.killAll();
  await cluster.stop();
  const notes = [
    'wrk with one thread for each port; values of 100 bytes under 1000 keys; medians of the rounds',
  ];
  return {
    tables: [
      tableOf('One server', one),
      tableOf('Three nodes in front of a cluster of three primaries with a replica each', three),
    ],
    notes: webdis.length === 0 ? [...notes, 'webdis is not installed'] : notes,
    data: { one, three },
  };
}

async function startWebdis(bench: Bench, redisPort: number): Promise<HttpTarget> {
  const { port } = await startWebdisAt(bench, redisPort);
  return { name: 'webdis', ports: [port], isWebdis: true };
}

async function startNodes(bench: Bench, name: string, url: string): Promise<HttpTarget> {
  const { ports } = await startLauncher(bench, NODES, url === '' ? {} : { REPRAM_STORE_URL: url });
  return { name, ports, isWebdis: false };
}

function first(target: HttpTarget): HttpTarget {
  return { ...target, ports: target.ports.slice(0, 1) };
}

/** The targets take turns, so that whatever else the machine does hits all. */
function measureAll({ options, tell }: Bench, targets: readonly HttpTarget[]): Measured[] {
  const all: Measured[] = [];
  for (const method of METHODS)
    for (const connections of options.connections ?? CONNECTIONS)
      for (let round = 0; round < (options.rounds ?? ROUNDS); round += 1)
        for (const target of targets) {
          const order = { seconds: options.seconds ?? SECONDS, connections, valueBytes: VALUE_BYTES };
          const rates = rateOf(target, method, order);
          const sum = (field: 'perSecond' | 'others'): number =>
            rates.reduce((total, rate) => total + rate[field], 0);
          const [perSecond, others] = [sum('perSecond'), sum('others')];
          const [p50Ms, p99Ms] = [rates[0].p50Ms, Math.max(...rates.map((rate) => rate.p99Ms))];
          all.push({ target: target.name, method, connections, perSecond, others, p50Ms, p99Ms });
          tell(`${method}, ${connections} connections, ${target.name}: ${Math.round(perSecond)}/s`);
        }
  return all;
}

function tableOf(title: string, measured: readonly Measured[]): Table {
  const groups = new Map<string, Measured[]>();
  for (const each of measured) {
    const name = JSON.stringify([each.method, each.connections, each.target]);
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  const rows = [...groups.values()].map((each) => {
    const [{ method, connections, target }] = each;
    const median = (field: 'perSecond' | 'p50Ms' | 'p99Ms'): number =>
      each.map((one) => one[field]).sort((a, b) => a - b)[Math.floor(each.length / 2)];
    const refused = each.reduce((total, { others }) => total + others, 0);
    return [
      `${method}, ${connections} connections`,
      target,
      Math.round(median('perSecond')).toString(),
      milliseconds(median('p50Ms')),
      milliseconds(median('p99Ms')),
      String(refused),
    ];
  });
  return { title, columns: ['', 'target', 'answers/s', 'p50', 'p99', 'others'], rows };
}
