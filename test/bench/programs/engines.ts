// PUT and GET through a node whose values are in one Redis, beside webdis on the same server and a
// node that holds the values itself, in turns; then three nodes in front of a Cluster of three
// primaries. Rates of a machine that others share say little, so CPU time is measured as well.
import { portRange } from '../../support/processes/ports';
import { RedisCluster } from '../../support/redis/redis-cluster';
import { RedisServer, SERVER_PROGRAM } from '../../support/redis/redis-server';
import { type HttpTarget, type Rate, rateOf } from '../load/port-rates';
import { isInstalled, startWebdisAt } from '../load/webdis';
import { startLauncher } from '../machine/launcher';
import { cpuMs } from '../machine/proc-files';
import { type Bench, CannotMeasureError } from '../program';
import { milliseconds, type Report, type Table } from '../report';

const ROUNDS = 3;
const SECONDS = 3;
const CONNECTIONS = [1, 32, 256];
const VALUE_BYTES = 100;
const NODES = 3;
const METHODS = ['PUT', 'GET'] as const;

type Figure = 'perSecond' | 'p50Ms' | 'p99Ms' | 'frontUs' | 'serverUs';

interface Target extends HttpTarget {
  /** Of what speaks HTTP. */
  readonly pids: readonly number[];
}

interface Measured extends Rate {
  readonly target: string;
  readonly method: (typeof METHODS)[number];
  readonly connections: number;
  /** CPU time for each answer: of what speaks HTTP, and of the servers behind it. */
  readonly frontUs: number;
  readonly serverUs: number;
}

export async function engines(bench: Bench): Promise<Report> {
  if (SERVER_PROGRAM === null || !isInstalled('wrk'))
    throw new CannotMeasureError('needs redis-server and wrk');
  const server = await RedisServer.start(await portRange(1));
  const onServer = await startNodes(bench, 'node on one server', `redis://127.0.0.1:${server.port}`);
  const gossip = await startNodes(bench, 'node with gossip', '');
  const webdis = isInstalled('webdis') ? [await startWebdis(bench, server.port)] : [];
  const one = measureAll(bench, [first(onServer), ...webdis, first(gossip)], [server.pid]);
  bench.processes.killAll();
  await server.stop();
  const cluster = await RedisCluster.start();
  const nodes = await startNodes(bench, 'three nodes on a cluster', cluster.url);
  const pids = cluster.servers.map(({ pid }) => pid);
  const three = measureAll(bench, [nodes], pids);
  bench.processes.killAll();
  await cluster.stop();
  const notes = [
    'wrk with one thread for each port; values of 100 bytes under 1000 keys; medians of the rounds',
    'CPU: microseconds for each answer, of what speaks HTTP and of all servers behind it',
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

async function startWebdis(bench: Bench, redisPort: number): Promise<Target> {
  const { port, pid } = await startWebdisAt(bench, redisPort);
  return { name: 'webdis', ports: [port], pids: [pid], isWebdis: true };
}

async function startNodes(bench: Bench, name: string, url: string): Promise<Target> {
  const env = url === '' ? {} : { REPRAM_STORE_URL: url };
  const { ports, nodePids } = await startLauncher(bench, NODES, env);
  return { name, ports, pids: nodePids, isWebdis: false };
}

function first(target: Target): Target {
  return { ...target, ports: target.ports.slice(0, 1), pids: target.pids.slice(0, 1) };
}

/**
 * The targets take turns, so that whatever else the machine does hits all. The first turn of each
 * is not counted: code that is compiled as it runs is slow at first.
 */
function measureAll(
  { options, tell }: Bench,
  targets: readonly Target[],
  serverPids: readonly number[],
): Measured[] {
  const all: Measured[] = [];
  for (const method of METHODS)
    for (const connections of options.connections ?? CONNECTIONS)
      for (let round = 0; round <= (options.rounds ?? ROUNDS); round += 1)
        for (const target of targets) {
          const order = { seconds: options.seconds ?? SECONDS, connections, valueBytes: VALUE_BYTES };
          const before = [cpuOf(target.pids), cpuOf(serverPids)];
          const rates = rateOf(target, method, order);
          if (round === 0) continue;
          const used = [cpuOf(target.pids) - before[0], cpuOf(serverPids) - before[1]];
          const sum = (field: 'perSecond' | 'others'): number =>
            rates.reduce((total, rate) => total + rate[field], 0);
          const [perSecond, others] = [sum('perSecond'), sum('others')];
          const [p50Ms, p99Ms] = [rates[0].p50Ms, Math.max(...rates.map((rate) => rate.p99Ms))];
          const [frontUs, serverUs] = used.map((ms) => (ms * 1000) / (perSecond * order.seconds));
          const figures = { perSecond, others, p50Ms, p99Ms, frontUs, serverUs };
          all.push({ target: target.name, method, connections, ...figures });
          tell(`${method}, ${connections} connections, ${target.name}: ${Math.round(perSecond)}/s`);
        }
  return all;
}

function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
}

function tableOf(title: string, measured: readonly Measured[]): Table {
  const groups = new Map<string, Measured[]>();
  for (const each of measured) {
    const name = JSON.stringify([each.method, each.connections, each.target]);
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  const rows = [...groups.values()].map((each) => {
    const [{ method, connections, target }] = each;
    const median = (field: Figure): number =>
      each.map((one) => one[field]).sort((a, b) => a - b)[Math.floor(each.length / 2)];
    const refused = each.reduce((total, { others }) => total + others, 0);
    return [
      `${method}, ${connections} connections`,
      target,
      Math.round(median('perSecond')).toString(),
      milliseconds(median('p50Ms')),
      milliseconds(median('p99Ms')),
      `${median('frontUs').toFixed(1)} + ${median('serverUs').toFixed(1)}`,
      String(refused),
    ];
  });
  return { title, columns: ['', 'target', 'answers/s', 'p50', 'p99', 'CPU us', 'others'], rows };
}
