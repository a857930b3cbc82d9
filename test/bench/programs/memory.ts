// What three idle nodes and their launcher cost, some seconds after they formed their network:
// memory, and CPU time.
import { setTimeout as delay } from 'node:timers/promises';
import { startLauncher } from '../machine/launcher';
import { cpuMs, memoryUse, processTree } from '../machine/proc-files';
import type { Bench } from '../program';
import { megabytes, percent, type Report } from '../report';

const IDLE_SECONDS = 20;
/** What starting still causes is not idleness. */
const SETTLE_MS = 3000;
const SIZES = [3];
const TARGET = 'RSS <= 300 MB';

interface Measured {
  readonly size: number;
  readonly isolation: string;
  readonly processes: readonly { readonly pssBytes: number; readonly rssBytes: number }[];
  /** CPU time of all processes together while they were idle, as a share of one core. */
  readonly cpuShare: number;
}

export async function memory(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const idleSeconds = options.seconds ?? IDLE_SECONDS;
  const all: Measured[] = [];
  for (const size of options.sizes ?? SIZES) {
    for (const isolation of ['process', 'none']) {
      tell(`${size} nodes, REPRAM_ISOLATION=${isolation}, idle for ${idleSeconds} s`);
      all.push(await measure(bench, size, isolation, idleSeconds));
    }
  }
  return {
    tables: [
      {
        title: `An idle network, launcher included, ${idleSeconds} s after it formed`,
        columns: ['', 'PSS', 'RSS', 'launcher', 'per node process', 'CPU', 'target'],
        bars: ['PSS', 'RSS'],
        rows: all.map(row),
      },
    ],
    notes: ['PSS counts a page shared by n processes 1/n times in each; RSS counts it in each'],
    data: { memory: all },
  };
}

async function measure(
  bench: Bench,
  size: number,
  isolation: string,
  idleSeconds: number,
): Promise<Measured> {
  const launcher = await startLauncher(bench, size, { REPRAM_ISOLATION: isolation });
  await delay(SETTLE_MS);
  const pids = processTree(launcher.pid);
  const spentMs = (): number => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  const beforeMs = spentMs();
  await delay(idleSeconds * 1000);
  const cpuShare = (spentMs() - beforeMs) / (idleSeconds * 1000);
  const processes = pids.map(memoryUse);
  await launcher.stop();
  return { size, isolation, processes, cpuShare };
}

function row({ size, isolation, processes, cpuShare }: Measured): string[] {
  const sum = (key: 'pssBytes' | 'rssBytes'): number =>
    processes.reduce((total, each) => total + each[key], 0);
  const [launcher, ...nodes] = processes;
  return [
    `${size} nodes, isolation ${isolation}`,
    megabytes(sum('pssBytes')),
    megabytes(sum('rssBytes')),
    `${megabytes(launcher.pssBytes)} PSS`,
    `${megabytes((sum('pssBytes') - launcher.pssBytes) / Math.max(1, nodes.length))} PSS`,
    `${percent(cpuShare)} of a core`,
    isolation === 'process' ? TARGET : '-',
  ];
}
