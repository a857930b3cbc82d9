// PUT and GET of values of several sizes against three nodes, and in the same run against bare
// Fastify, bare node:http and, where it is installed, webdis: the machine's mood cancels out in the
// ratio. Beside the rates, which a busy load generator limits, stands the CPU time each answer
// costs.
import { LoadGenerator, type LoadOrder } from '../load/load';
import { measure, METHODS, startTargets, warmUp, type Measured, type Rival } from '../load/targets';
import type { BenchOptions } from '../options';
import type { Bench } from '../program';
import { size, type Report } from '../report';
import { webdisIsInstalled } from '../load/webdis';
import { ratesReport } from './rates-report';

const ROUNDS = 3;
const SECONDS = 3;
const CONNECTIONS = [1, 32, 256];
const VALUES = [100, 10_000, 1_000_000];

export async function rates(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const generator = new LoadGenerator(bench.processes);
  const targets = await startTargets(bench, rivals(tell));
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

function rivals(tell: Bench['tell']): Rival[] {
  const bare: Rival[] = ['fastify', 'http'];
  if (webdisIsInstalled()) return [...bare, 'webdis'];
  tell('webdis is left out: it takes the programs webdis and redis-server (Debian: the same names)');
  return bare;
}

/** The targets take turns, so that whatever else the machine does hits all. */
function* schedule(
  options: BenchOptions,
): Generator<{ method: LoadOrder['method']; connections: number; round: number }> {
  for (const method of METHODS) {
    for (const connections of options.connections ?? CONNECTIONS) {
      for (let round = 1; round <= (options.rounds ?? ROUNDS); round += 1)
        yield { method, connections, round };
    }
  }
}
