// What the command line of the simulator can be told to do, and what is printed of it.
import { execFileSync } from 'node:child_process';
import { printFigures } from '../figures/figures';
import { hunt } from '../mutants/hunt';
import type { Mutant } from '../mutants/mutants';
import { SCENARIOS } from '../scenarios/scenarios';
import type { Command } from './cli-options';
import { printOutcomes, printTable, type Print } from './outcomes';
import type { Scenario } from './scenario';
import { describeFailure, simulate, type RunOptions } from './simulation';

const FAILURES_SHOWN = 5;

/** Whether all was as it should be. */
export function perform(command: Command, print: Print): boolean {
  switch (command.kind) {
    case 'list':
      printTable(SCENARIOS, print);
      return true;
    case 'figures':
      printFigures(command.figures, command.options, print);
      return true;
    case 'mutants':
      return all(command.mutants, (mutant) => isCaught(mutant, print));
    case 'run': {
      const options = command.follow ? { onLine: print } : {};
      return all(command.scenarios, (scenario) => comesThrough(scenario, command.seeds, options, print));
    }
  }
}

/** Goes through all, also when one of them did not hold. */
function all<T>(items: readonly T[], holds: (item: T) => boolean): boolean {
  return items.map(holds).every((held) => held);
}

function comesThrough(
  scenario: Scenario,
  seeds: readonly number[],
  options: RunOptions,
  print: Print,
): boolean {
  const started = process.cpuUsage();
  const outcomes = seeds.map((seed) => simulate(scenario, seed, options));
  printOutcomes(scenario, outcomes, process.cpuUsage(started).user / 1000, print);
  const failed = outcomes.filter((outcome) => outcome.violations.length > 0);
  for (const outcome of failed.slice(0, FAILURES_SHOWN))
    print(`${describeFailure(outcome)} (commit ${commit()})`);
  return failed.length === 0;
}

function isCaught(mutant: Mutant, print: Print): boolean {
  const { seed, caughtBy } = hunt(mutant);
  const what = `a core that ${mutant.what} (${mutant.scenario}, seeds 1 to ${seed})`;
  print(`${caughtBy.length === 0 ? 'nobody' : caughtBy.join(', ')} caught ${what}`);
  if (caughtBy.includes(mutant.checker)) return true;
  print(`  ${mutant.checker} was meant to`);
  return false;
}

function commit(): string {
  try {
    const args = ['describe', '--always', '--dirty', '--exclude', '*'];
    return execFileSync('git', args, { encoding: 'utf8', cwd: __dirname }).trim();
  } catch {
    return 'unknown';
  }
}
