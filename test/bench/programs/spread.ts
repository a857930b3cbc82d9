// What more nodes bring: the same connections to one port, and spread over the ports of all nodes.
// Every node takes part in every write, so only reads grow with nodes, and only as long as there
// are cores for them. CPU time per answer says what the cores would do that this machine lacks.
import { availableParallelism } from 'node:os';
import { type HttpTarget, rateOf } from '../load/port-rates';
import { isInstalled } from '../load/webdis';
import { METHODS } from '../load/targets';
import { type RunningLauncher, startLauncher } from '../machine/launcher';
import { cpuMs } from '../machine/proc-files';
import { type Bench, CannotMeasureError } from '../program';
import { milliseconds, type Report } from '../report';
import { median } from '../statistics';

const ROUNDS = 3;
const SECONDS = 3;
const SIZES = [1, 2, 3];
const CONNECTIONS = 48;
const VALUE_BYTES = 100;

interface Measured {
  readonly nodes: number;
  readonly method: (typeof METHODS)[number];
  readonly askedPorts: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of all nodes, for each answer. */
  readonly cpuUs: number;
}

export async function spread(bench: Bench): Promise<Report> {
  if (!isInstalled('wrk')) throw new CannotMeasureError('needs wrk');
  const all: Measured[] = [];
  for (const size of bench.options.sizes ?? SIZES) {
    const launcher = await startLauncher(bench, size);
    all.push(...measureAll(bench, launcher));
    await launcher.stop();
  }
  return report(all);
}

/** One port and all ports take turns. */
function measureAll({ options, tell }: Bench, { ports, nodePids }: RunningLauncher): Measured[] {
  const all: Measured[] = [];
  const asked = ports.length === 1 ? [ports] : [ports.slice(0, 1), ports];
  const order = {
    seconds: options.seconds ?? SECONDS,
    connections: options.connections?.[0] ?? CONNECTIONS,
    valueBytes: options.values?.[0] ?? VALUE_BYTES,
  };
  const targets = asked.map((some): HttpTarget => ({ name: 'node', ports: some, isWebdis: false }));
  for (const target of targets) rateOf(target, 'PUT', { ...order, seconds: 1 });
  for (const method of METHODS) {
    for (let round = 1; round <= (options.rounds ?? ROUNDS); round += 1) {
      for (const target of targets) {
        const beforeMs = cpuOf(nodePids);
        const rates = rateOf(target, method, order);
        const perSecond = rates.reduce((sum, rate) => sum + rate.perSecond, 0);
        all.push({
          nodes: ports.length,
          method,
          askedPorts: target.ports.length,
          perSecond,
          p50Ms: median(rates.map(({ p50Ms }) => p50Ms)),
          p99Ms: Math.max(...rates.map(({ p99Ms }) => p99Ms)),
          cpuUs: ((cpuOf(nodePids) - beforeMs) * 1000) / (perSecond * order.seconds),
        });
        tell(
          `${method}, ${ports.length} nodes, ${target.ports.length} asked, round ${round}: ${Math.round(perSecond)}/s`,
        );
      }
    }
  }
  return all;
}

function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
}

function report(all: readonly Measured[]): Report {
  const groups = new Map<string, Measured[]>();
  for (const measured of all) {
    const { nodes, method, askedPorts } = measured;
    const name = `${method} ${nodes} ${askedPorts}`;
    groups.set(name, [...(groups.get(name) ?? []), measured]);
  }
  const rows = [...groups.values()].map((some) => {
    const [{ method, nodes, askedPorts }] = some;
    const of = (figure: 'perSecond' | 'p50Ms' | 'p99Ms' | 'cpuUs'): number =>
      median(some.map((measured) => measured[figure]));
    return [
      `${method}, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${askedPorts} asked`,
      of('perSecond').toFixed(0),
      milliseconds(of('p50Ms')),
      milliseconds(of('p99Ms')),
      `${of('cpuUs').toFixed(1)} us`,
      (1_000_000 / of('cpuUs')).toFixed(0),
    ];
  });
  return {
    tables: [
      {
        title: 'One port asked, or all; medians of the rounds',
        columns: ['', 'answers/s', 'p50', 'p99', 'CPU/answer, all nodes', 'answers per core'],
        rows,
        bars: ['answers/s'],
      },
    ],
    notes: [
      `wrk with one thread for each asked port shares the ${availableParallelism()} CPUs with the nodes`,
      'a PUT is acknowledged by all nodes; p99 is that of the slowest port',
    ],
    data: { spread: all },
  };
}
