// This build against another one, in one run: what a change costs PUT and GET. The two networks of
// three nodes take turns in short windows, first the one and then the other, so that the machine's
// mood falls on both; the ratio is taken pair by pair.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HttpConnection } from '../load/http-connection';
import { LoadGenerator } from '../load/load';
import { benchKeys, benchPaths } from '../load/paths';
import { startLauncher, type RunningLauncher } from '../machine/launcher';
import { cpuMs } from '../machine/proc-files';
import { CannotMeasureError, type Bench } from '../program';
import type { Report } from '../report';
import { pairedReport, type PairedRound, type Side, type Window } from './paired-report';

const ROUNDS = 15;
const SECONDS = 2;
const WARM_UP_SECONDS = 5;
const CONNECTIONS = [32];
const VALUES = [100];
const NODES = 3;
const METHODS = ['PUT', 'GET'] as const;
const SIDES = ['ours', 'theirs'] as const;

interface Order {
  readonly method: (typeof METHODS)[number];
  readonly connections: number;
  readonly valueBytes: number;
  readonly seconds: number;
}

export async function paired(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const { against } = options;
  if (against === undefined) throw new CannotMeasureError('--against FOLDER names the other build');
  if (!existsSync(join(against, 'launcher.js')))
    throw new CannotMeasureError(`no launcher.js in ${against}: build it first`);
  const generator = new LoadGenerator(bench.processes);
  const networks: Record<Side, RunningLauncher> = {
    ours: await startLauncher(bench, NODES),
    theirs: await startLauncher({ ...bench, options: { ...options, dist: against } }, NODES),
  };
  const rounds: PairedRound[] = [];
  for (const valueBytes of options.values ?? VALUES) {
    for (const side of SIDES) await warmUp(generator, networks[side], valueBytes);
    for (const order of orders(bench, valueBytes)) {
      for (let round = 1; round <= (options.rounds ?? ROUNDS); round += 1) {
        const sides = round % 2 === 1 ? SIDES : [...SIDES].reverse();
        const windows = {} as Record<Side, Window>;
        for (const side of sides) windows[side] = await measure(generator, networks[side], order);
        rounds.push({ ...order, ...windows });
        const ratio = windows.ours.perSecond / windows.theirs.perSecond;
        tell(
          `${order.method} ${valueBytes} B, ${order.connections} connections, round ${round}: x ${ratio.toFixed(3)}`,
        );
      }
    }
  }
  return pairedReport(rounds, generator.name, against);
}

function* orders({ options }: Bench, valueBytes: number): Generator<Order> {
  const seconds = options.seconds ?? SECONDS;
  for (const method of METHODS) {
    for (const connections of options.connections ?? CONNECTIONS)
      yield { method, connections, valueBytes, seconds };
  }
}

/** Writes every key that is read later, and gets the hot paths compiled. */
async function warmUp(
  generator: LoadGenerator,
  { ports }: RunningLauncher,
  valueBytes: number,
): Promise<void> {
  const [port] = ports;
  const connection = await HttpConnection.open(port);
  for (const path of benchPaths('PUT', benchKeys(valueBytes))) {
    await connection.request('PUT', path, 'v'.repeat(valueBytes));
  }
  connection.close();
  const order = { seconds: WARM_UP_SECONDS, connections: 32, valueBytes, port };
  for (const method of METHODS) await generator.run({ ...order, method });
}

async function measure(generator: LoadGenerator, network: RunningLauncher, order: Order): Promise<Window> {
  const spentMs = (): number => network.nodePids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  const before = spentMs();
  const result = await generator.run({ ...order, port: network.ports[0] });
  return {
    perSecond: result.answers / result.seconds,
    cpuUs: ((spentMs() - before) * 1000) / Math.max(1, result.answers),
    p99Ms: result.p99Ms,
    others: result.others,
  };
}
