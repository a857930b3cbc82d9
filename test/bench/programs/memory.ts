// What three idle nodes and their launcher keep in memory, some seconds after they formed their network.
import { setTimeout as delay } from 'node:timers/promises';
import { startLauncher } from '../machine/launcher';
import { memoryUse, processTree } from '../machine/proc-files';
import type { Bench } from '../program';
import { megabytes, type Report } from '../report';

const IDLE_SECONDS = 20;
const SIZES = [3];
const TARGET = 'RSS <= 300 MB';

interface Measured {
  readonly size: number;
  readonly isolation: string;
  readonly processes: readonly { readonly pssBytes: number; readonly rssBytes: number }[];
}

export async function memory(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const idleSeconds = options.seconds ?? IDLE_SECONDS;
  const all: Measured[] = [];
  for (const size of options.sizes ?? SIZES) {
    for (const isolation of ['process', 'none']) {
      tell(`${size} nodes, REPRAM_ISOLATION=${isolation}, idle for ${idleSeconds} s`);
      const launcher = await startLauncher(bench, size, { REPRAM_ISOLATION: isolation });
      await delay(idleSeconds * 1000);
      all.push({ size, isolation, processes: processTree(launcher.pid).map(memoryUse) });
      await launcher.stop();
    }
  }
  return {
    tables: [
      {
        title: `Memory of an idle network, launcher included, ${idleSeconds} s after it formed`,
        columns: ['', 'PSS', 'RSS', 'launcher', 'per node process', 'target'],
        rows: all.map(row),
      },
    ],
    notes: ['PSS counts a page shared by n processes 1/n times in each; RSS counts it in each'],
    data: { memory: all },
  };
}

function row({ size, isolation, processes }: Measured): string[] {
  const sum = (key: 'pssBytes' | 'rssBytes'): number =>
    processes.reduce((total, each) => total + each[key], 0);
  const [launcher, ...nodes] = processes;
  return [
    `${size} nodes, isolation ${isolation}`,
    megabytes(sum('pssBytes')),
    megabytes(sum('rssBytes')),
    `${megabytes(launcher.pssBytes)} PSS`,
    `${megabytes((sum('pssBytes') - launcher.pssBytes) / Math.max(1, nodes.length))} PSS`,
    isolation === 'process' ? TARGET : '-',
  ];
}
