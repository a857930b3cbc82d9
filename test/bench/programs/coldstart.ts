// How long a person waits: from starting the launcher until it says that its three nodes formed one network.
import { startLauncher } from '../machine/launcher';
import type { Bench } from '../program';
import { summaryCells, summaryTable, type Report } from '../report';
import { summarize } from '../statistics';

const ROUNDS = 10;
const SIZES = [3];
const TARGET = '<= 2 s';

export async function coldstart(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const rows: string[][] = [];
  const data: object[] = [];
  for (const size of options.sizes ?? SIZES) {
    const saidMs: number[] = [];
    const outsideMs: number[] = [];
    for (let round = 1; round <= (options.rounds ?? ROUNDS); round += 1) {
      const launcher = await startLauncher(bench, size);
      saidMs.push(launcher.durationMs);
      outsideMs.push(launcher.outsideMs);
      await launcher.stop();
      tell(`${size} nodes, round ${round}: ${launcher.outsideMs.toFixed(0)} ms`);
    }
    rows.push([`${size} nodes, as the launcher says`, ...summaryCells(summarize(saidMs)), TARGET]);
    rows.push([`${size} nodes, seen from outside`, ...summaryCells(summarize(outsideMs)), TARGET]);
    data.push({ size, saidMs, outsideMs });
  }
  return {
    tables: [summaryTable('Cold start: from starting the launcher to its network-formed line', rows)],
    notes: ['all processes share the CPUs while they load; npm start checks the build before (not measured)'],
    data: { coldstart: data },
  };
}
