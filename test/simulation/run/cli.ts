// npm run sim -- runs scenarios and prints what came of them; its options are in cli-options.ts.
// Exit code 1 = violations, 2 = nothing was run, because the command line cannot be meant.
import { execFileSync } from 'node:child_process';
import { readCommand, USAGE } from './cli-options';
import { printFigures } from '../figures/figures';
import { printOutcomes, printTable } from './outcomes';
import type { Scenario } from './scenario';
import { SCENARIOS } from '../scenarios/scenarios';
import { describeFailure, simulate, type RunOptions } from './simulation';

function main(): void {
  const command = readCommand(process.argv.slice(2));
  if (typeof command === 'string') {
    process.stderr.write(`${command}\n${USAGE}`);
    process.exitCode = 2;
  } else if (command.kind === 'list') printTable(SCENARIOS);
  else if (command.kind === 'figures') printFigures(command.figures, command.options, console.log);
  else {
    const options = command.follow ? { onLine: (line: string) => console.log(line) } : {};
    let failures = 0;
    for (const scenario of command.scenarios) failures += runSeeds(scenario, command.seeds, options);
    process.exitCode = failures > 0 ? 1 : 0;
  }
}

function runSeeds(scenario: Scenario, seeds: readonly number[], options: RunOptions): number {
  const started = process.cpuUsage();
  const outcomes = seeds.map((seed) => simulate(scenario, seed, options));
  printOutcomes(scenario, outcomes, process.cpuUsage(started).user / 1000);
  const failed = outcomes.filter((outcome) => outcome.violations.length > 0);
  for (const outcome of failed.slice(0, 5)) console.log(`${describeFailure(outcome)} (commit ${commit()})`);
  return failed.length;
}

function commit(): string {
  try {
    const args = ['describe', '--always', '--dirty', '--exclude', '*'];
    return execFileSync('git', args, { encoding: 'utf8', cwd: __dirname }).trim();
  } catch {
    return 'unknown';
  }
}

main();
