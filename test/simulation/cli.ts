// npm run sim -- [--scenario NAME] [--nodes N] [--seed N] [--seeds COUNT] [--follow]: runs scenarios and prints what came of them.
// One seed is replayed when --seed is given, else seeds 1..COUNT (5). --nodes spreads N nodes over the scenario's hosts.
// --follow prints each transition. Exit code 1 = violations. npm run sim -- list: the table of scenarios.
// npm run sim -- figures [NAME...] [--runs N] [--hours H] [--sizes 3,10] [--keys N]: measures figures in virtual time.
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { printFigures } from './figures/figures';
import { printOutcomes, printTable } from './outcomes';
import { withNodes, type Scenario } from './scenario';
import { SCENARIOS, scenarioNamed } from './scenarios/scenarios';
import { describeFailure, simulate } from './simulation';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scenario: { type: 'string', multiple: true },
    seed: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    nodes: { type: 'string' },
    follow: { type: 'boolean', default: false },
    runs: { type: 'string' },
    hours: { type: 'string' },
    sizes: { type: 'string' },
    keys: { type: 'string' },
  },
});

function main(): void {
  const [command, ...names] = positionals as [string?, ...string[]];
  if (command === undefined) return runScenarios();
  if (command === 'list') return printTable(SCENARIOS);
  if (command !== 'figures') throw new Error(`no command ${command}; there are figures and list`);
  const number = (flag: string | undefined): number | null => (flag === undefined ? null : Number(flag));
  const sizes = flags.sizes?.split(',').map(Number) ?? null;
  const [runs, hours, keys] = [flags.runs, flags.hours, flags.keys].map(number);
  printFigures(names, { runs, hours, sizes, keys }, console.log);
}

function runScenarios(): void {
  const scenarios = (flags.scenario?.map(scenarioNamed) ?? SCENARIOS).map((scenario) =>
    flags.nodes === undefined ? scenario : withNodes(scenario, Number(flags.nodes)),
  );
  const seeds =
    flags.seed === undefined
      ? Array.from({ length: Number(flags.seeds) }, (_, i) => i + 1)
      : [Number(flags.seed)];
  let failures = 0;
  for (const scenario of scenarios) failures += runSeeds(scenario, seeds);
  process.exitCode = failures > 0 ? 1 : 0;
}

function runSeeds(scenario: Scenario, seeds: readonly number[]): number {
  const started = process.cpuUsage();
  const outcomes = seeds.map((seed) =>
    simulate(scenario, seed, flags.follow ? { onLine: (line) => console.log(line) } : {}),
  );
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
