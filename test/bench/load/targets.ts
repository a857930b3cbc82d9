// What loads are run against: a network of three nodes, of which one is asked, and servers without
// a product that answer with the headers of that node.
import { join } from 'node:path';
import { portRange } from '../../support/processes/ports';
import { until } from '../../support/basics/until';
import { startLauncher } from '../machine/launcher';
import { cpuMs } from '../machine/proc-files';
import type { Bench } from '../program';
import type { BareOrder } from './bare-fastify';
import { getJson, HttpConnection } from './http-connection';
import type { LoadGenerator, LoadOrder, LoadResult } from './load';
import { benchKeys, benchPaths, type Dialect } from './paths';
import { startWebdis } from './webdis';

const NODES = 3;
const WARM_UP_SECONDS = 2;
export const METHODS = ['PUT', 'GET'] as const;

export type Bare = 'fastify' | 'http';
/** What a node is compared with. */
export type Rival = Bare | 'webdis';

export interface Target {
  readonly name: 'node' | Rival;
  readonly dialect: Dialect;
  readonly port: number;
  /** The process that answers, and all that work for the answer. */
  readonly pid: number;
  readonly allPids: readonly number[];
}

export interface Measured extends LoadResult {
  readonly target: Target['name'];
  readonly method: LoadOrder['method'];
  readonly connections: number;
  readonly valueBytes: number;
  readonly perSecond: number;
  /** Microseconds of CPU per answer: of the process that answers, and of all nodes together. */
  readonly cpuUs: number;
  readonly allCpuUs: number;
}

export async function startTargets(bench: Bench, rivals: readonly Rival[]): Promise<Target[]> {
  const launcher = await startLauncher(bench, NODES);
  const [port] = launcher.ports;
  const connection = await HttpConnection.open(port);
  const path = '/data/bench-0?ttl=86400';
  const putHeaders = ownHeaders((await connection.request('PUT', path, 'value')).head);
  const getHeaders = ownHeaders((await connection.request('GET', path)).head);
  connection.close();
  const [pid] = launcher.nodePids;
  const node: Target = { name: 'node', dialect: 'repram', port, pid, allPids: launcher.nodePids };
  const others = rivals.map((name) =>
    name === 'webdis' ? startWebdis(bench) : startBare(bench, name, { putHeaders, getHeaders }),
  );
  return [node, ...(await Promise.all(others))];
}

async function startBare(bench: Bench, name: Bare, headers: Omit<BareOrder, 'port'>): Promise<Target> {
  const port = await portRange(1);
  const order: BareOrder = { port, ...headers };
  const child = bench.processes.startScript(join(__dirname, `bare-${name}.ts`), [JSON.stringify(order)]);
  let listens = false;
  child.stdout?.once('data', () => (listens = true));
  await until(() => listens, `bare ${name} to listen`);
  const pid = child.pid ?? 0;
  return { name, dialect: 'repram', port, pid, allPids: [pid] };
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

/** Writes every key that is read later, and gets the hot paths compiled. */
export async function warmUp(
  generator: LoadGenerator,
  targets: readonly Target[],
  valueBytes: number,
): Promise<void> {
  const order = { seconds: WARM_UP_SECONDS, connections: 32, valueBytes };
  for (const { port, dialect } of targets) {
    const connection = await HttpConnection.open(port);
    for (const path of benchPaths('PUT', benchKeys(valueBytes), dialect)) {
      await connection.request('PUT', path, 'v'.repeat(valueBytes));
    }
    connection.close();
    for (const method of METHODS) await generator.run({ ...order, method, port, dialect });
  }
}

export async function measure(
  generator: LoadGenerator,
  target: Target,
  order: Omit<LoadOrder, 'port' | 'dialect'>,
): Promise<Measured> {
  const spentMs = (): number => target.allPids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  const [ownBefore, allBefore] = [cpuMs(target.pid), spentMs()];
  const result = await generator.run({ ...order, port: target.port, dialect: target.dialect });
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
