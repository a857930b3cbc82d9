// What an answer costs, within a minute: CPU time of a read and of a write, as multiples of what
// bare node:http takes for the same bytes in the same run. So the figures mean the same on any
// machine, and are compared with the ones written down.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LoadGenerator, type LoadOrder } from '../load/load';
import { measure, METHODS, startTargets, warmUp } from '../load/targets';
import type { Bench } from '../program';
import type { Report } from '../report';
import { quickReport, type Baseline, type QuickPair } from './quick-report';

const ROUNDS = 4;
const SECONDS = 1;
const CONNECTIONS = 32;
const VALUE_BYTES = 100;
const BASELINE = join(__dirname, '..', 'baseline.json');

export async function quick(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const generator = new LoadGenerator(bench.processes);
  const [node, bare] = await startTargets(bench, ['http']);
  await warmUp(generator, [node, bare], VALUE_BYTES);
  const pairs: QuickPair[] = [];
  for (let round = 1; round <= (options.rounds ?? ROUNDS); round += 1) {
    for (const method of METHODS) {
      const order: Omit<LoadOrder, 'port'> = {
        method,
        connections: CONNECTIONS,
        valueBytes: VALUE_BYTES,
        seconds: options.seconds ?? SECONDS,
      };
      const ours = await measure(generator, node, order);
      const theirs = await measure(generator, bare, order);
      pairs.push({ method, nodeCpuUs: ours.allCpuUs, bareCpuUs: theirs.cpuUs });
      tell(`${method}, round ${round}: ${ours.allCpuUs.toFixed(1)} us and ${theirs.cpuUs.toFixed(1)} us`);
    }
  }
  return quickReport(pairs, JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline, generator.name);
}
