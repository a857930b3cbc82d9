// PUT and GET of values of several sizes against three nodes, and against bare Fastify in the same
// run: the machine's mood cancels out in the ratio. Beside the rates, which a busy load generator
// limits, stands the CPU time each answer costs.
import { join } from 'node:path';
import { portRange } from '../../support/processes/ports';
import { until } from '../../support/basics/until';
import type { BareOrder } from '../load/bare-fastify';
import { getJson, HttpConnection } from '../load/http-connection';
import { LoadGenerator, type LoadOrder } from '../load/load';
import { benchKeys, benchPaths } from '../load/paths';
import { startLauncher } from '../machine/launcher';
import { cpuMs } from '../machine/proc-files';
import type { BenchOptions } from '../options';
import type { Bench } from '../program';
import { size, type Report } from '../report';
import { ratesReport, type Measured } from './rates-report';

const ROUNDS = 3;
const SECONDS = 3;
const WARM_UP_SECONDS = 2;
const CONNECTIONS = [1, 32, 256];
const VALUES = [100, 10_000, 1_000_000];
const NODES = 3;
const METHODS = ['PUT', 'GET'] as const;

type Method = (typeof METHODS)[number];

interface Target {
  readonly name: Measured['target'];
  readonly port: number;
  /** The process that answers, and all that work for the answer. */
  readonly pid: number;
  readonly allPids: readonly number[];
}

export async function rates(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const generator = new LoadGenerator(bench.processes);
  const targets = await startTargets(bench);
  const all: Measured[] = [];
  for (const valueBytes of options.values ?? VALUES) {
    await warmUp(generator, targets, valueBytes);
    for (const { method, connections, round } of schedule(options)) {
      for (const target of targets) {
        const order = { method, connections, seconds: options.seconds ?? SECONDS, valueBytes };
        const measured = await measure(generator, target, order);
        all.push(measured);
        const what = `${method} ${size(valueBytes)}, ${connections} connections, ${target.name}, round ${round}`;
        tell(`${what}: ${Math.round(measured.perSecond)}/s`);
      }
    }
  }
  return ratesReport(all, generator.name);
}

/** The two targets take turns, so that whatever else the machine does hits both. */
function* schedule(options: BenchOptions): Generator<{ method: Method; connections: number; round: number }> {
  for (const method of METHODS) {
    for (const connections of options.connections ?? CONNECTIONS) {
      for (let round = 1; round <= (options.rounds ?? ROUNDS); round += 1)
        yield { method, connections, round };
    }
  }
}

/** Writes every key that is read later, and gets the hot paths compiled. */
async function warmUp(
  generator: LoadGenerator,
  targets: readonly Target[],
  valueBytes: number,
): Promise<void> {
  const order = { seconds: WARM_UP_SECONDS, connections: 32, valueBytes };
  for (const { port } of targets) {
    const connection = await HttpConnection.open(port);
    for (const path of benchPaths(benchKeys(valueBytes))) {
      await connection.request('PUT', `${path}?ttl=86400`, 'v'.repeat(valueBytes));
    }
    connection.close();
    for (const method of METHODS) await generator.run({ ...order, method, port });
  }
}

/**
 * A network of three nodes, of which one is asked, and bare Fastify with the headers that node
 * answers.
 */
async function startTargets(bench: Bench): Promise<Target[]> {
  const launcher = await startLauncher(bench, NODES);
  const node = { port: launcher.ports[0], pid: launcher.nodePids[0], allPids: launcher.nodePids };
  const connection = await HttpConnection.open(node.port);
  const path = '/data/bench-0?ttl=86400';
  const putHeaders = ownHeaders((await connection.request('PUT', path, 'value')).head);
  const getHeaders = ownHeaders((await connection.request('GET', path)).head);
  connection.close();
  const port = await portRange(1);
  const order: BareOrder = { port, putHeaders, getHeaders };
  const script = join(__dirname, '..', 'load', 'bare-fastify.ts');
  const child = bench.processes.startScript(script, [JSON.stringify(order)]);
  let listens = false;
  child.stdout?.once('data', () => (listens = true));
  await until(() => listens, 'bare Fastify to listen');
  const pid = child.pid ?? 0;
  return [
    { name: 'node', ...node },
    { name: 'fastify', port, pid, allPids: [pid] },
  ];
}

/** Without those that Node.js and Fastify write by themselves. */
function ownHeaders(head: string): Record<string, string> {
  const automatic = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);
  const pairs = head
    .split('\r\n')
    .slice(1)
    .map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
  return Object.fromEntries(pairs.filter(([name]) => !automatic.has(name)));
}

async function measure(
  generator: LoadGenerator,
  target: Target,
  order: Omit<LoadOrder, 'port'>,
): Promise<Measured> {
  const spentMs = (): number => target.allPids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  const [ownBefore, allBefore] = [cpuMs(target.pid), spentMs()];
  const result = await generator.run({ ...order, port: target.port });
  if (target.name === 'node') await replicated(target.port);
  const { method, connections, valueBytes } = order;
  const perAnswer = (ms: number): number => (ms * 1000) / Math.max(1, result.answers);
  return {
    target: target.name,
    method,
    connections,
    valueBytes,
    ...result,
    perSecond: result.answers / result.seconds,
    cpuUs: perAnswer(cpuMs(target.pid) - ownBefore),
    allCpuUs: perAnswer(spentMs() - allBefore),
  };
}

/** What a load left behind is not for the next measurement to pay. */
async function replicated(port: number): Promise<void> {
  const pending = async (): Promise<number> => {
    const { replication } = (await getJson(port, '/status')) as { replication: { pending_writes: number } };
    return replication.pending_writes;
  };
  await until(async () => (await pending()) === 0, 'all writes to be acknowledged by all', 60_000);
}
