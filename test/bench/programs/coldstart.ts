// How long a person waits: from starting the launcher until it says that its three nodes formed one
// network. With another build to compare with, the two take turns.
import { startLauncher } from '../machine/launcher';
import { cpuMs } from '../machine/proc-files';
import type { Bench } from '../program';
import { summaryCells, summaryTable, type Report } from '../report';
import { summarize } from '../statistics';

const ROUNDS = 10;
const SIZES = [3];
const TARGET = '<= 2 s';

interface Starts {
  readonly build: string;
  readonly dist: string;
  readonly saidMs: number[];
  readonly outsideMs: number[];
  /** Of each node, until the network formed. */
  readonly nodeCpuMs: number[];
}

export async function coldstart(bench: Bench): Promise<Report> {
  const { options } = bench;
  const rows: string[][] = [];
  const data: object[] = [];
  for (const size of options.sizes ?? SIZES) {
    const builds = [startsOf('', options.dist)];
    if (options.against !== undefined) builds.push(startsOf(' (the other build)', options.against));
    for (let round = 1; round <= (options.rounds ?? ROUNDS); round += 1) {
      for (const starts of round % 2 === 1 ? builds : [...builds].reverse()) await start(bench, size, starts);
    }
    rows.push(...builds.flatMap((starts) => rowsOf(size, starts)));
    data.push(...builds.map((starts) => ({ size, ...starts })));
  }
  return {
    tables: [summaryTable('Cold start: from starting the launcher to its network-formed line', rows)],
    notes: ['all processes share the CPUs while they load; npm start checks the build before (not measured)'],
    data: { coldstart: data },
  };
}

function startsOf(build: string, dist: string): Starts {
  return { build, dist, saidMs: [], outsideMs: [], nodeCpuMs: [] };
}

async function start(bench: Bench, size: number, starts: Starts): Promise<void> {
  const launcher = await startLauncher({ ...bench, options: { ...bench.options, dist: starts.dist } }, size);
  starts.nodeCpuMs.push(...launcher.nodePids.map(cpuMs));
  starts.saidMs.push(launcher.durationMs);
  starts.outsideMs.push(launcher.outsideMs);
  await launcher.stop();
  bench.tell(`${size} nodes${starts.build}: ${launcher.outsideMs.toFixed(0)} ms`);
}

function rowsOf(size: number, { build, saidMs, outsideMs, nodeCpuMs }: Starts): string[][] {
  return [
    [`${size} nodes, as the launcher says${build}`, ...summaryCells(summarize(saidMs)), TARGET],
    [`${size} nodes, seen from outside${build}`, ...summaryCells(summarize(outsideMs)), TARGET],
    [`CPU time of a node until then${build}`, ...summaryCells(summarize(nodeCpuMs)), '-'],
  ];
}
