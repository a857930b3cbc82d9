// npm run sim -- [--scenario NAME] [--seed N] [--seeds COUNT] [--follow]: runs scenarios and prints figures. One seed is
// replayed when --seed is given, else seeds 1..COUNT (5). --follow prints each transition. Exit code 1 = violations.
import { parseArgs } from 'node:util';
import type { Scenario } from './scenario';
import { SCENARIOS, scenarioNamed } from './scenarios/scenarios';
import { describeFailure, simulate, type Outcome } from './simulation';

const { values: flags } = parseArgs({
  options: {
    scenario: { type: 'string' },
    seed: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    follow: { type: 'boolean', default: false },
  },
});

function main(): void {
  const scenarios = flags.scenario === undefined ? SCENARIOS : [scenarioNamed(flags.scenario)];
  const seeds =
    flags.seed === undefined
      ? Array.from({ length: Number(flags.seeds) }, (_, i) => i + 1)
      : [Number(flags.seed)];
  let failures = 0;
  for (const scenario of scenarios) failures += runSeeds(scenario, seeds);
  process.exitCode = failures > 0 ? 1 : 0;
}

function runSeeds(scenario: Scenario, seeds: readonly number[]): number {
  const startedAtMs = performance.now();
  const outcomes = seeds.map((seed) =>
    simulate(scenario, seed, flags.follow ? { onLine: (line) => console.log(line) } : {}),
  );
  printFigures(scenario, outcomes, performance.now() - startedAtMs);
  const failed = outcomes.filter((outcome) => outcome.violations.length > 0);
  for (const outcome of failed.slice(0, 5)) console.log(describeFailure(outcome));
  return failed.length;
}

function printFigures(scenario: Scenario, outcomes: readonly Outcome[], realMs: number): void {
  const sum = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const virtualMs = sum((outcome) => outcome.virtualMs);
  const writes = Math.max(
    1,
    sum((outcome) => outcome.writes),
  );
  const figures = {
    seeds: outcomes.length,
    failed: outcomes.filter((outcome) => outcome.violations.length > 0).length,
    'virtual s': (virtualMs / 1000).toFixed(0),
    events: sum((outcome) => outcome.events),
    'x real time': (virtualMs / realMs).toFixed(0),
    'formation ms': spread(outcomes.map((outcome) => outcome.figures.formationMs)),
    'detection ms': spread(outcomes.flatMap((outcome) => outcome.figures.detectionMs)),
    'rest ms': spread(outcomes.map((outcome) => outcome.restMs)),
    'overstay ms': Math.max(...outcomes.map((outcome) => outcome.overstayMaxMs)).toFixed(1),
    'frames/write': (sum((outcome) => outcome.figures.frames) / writes).toFixed(1),
    'bytes/write': (sum((outcome) => outcome.figures.bytes) / writes).toFixed(0),
    outcomes: merged(outcomes.map((outcome) => outcome.figures.outcomes)),
    notifications: merged(outcomes.map((outcome) => outcome.figures.notifications)),
  };
  console.log(`${scenario.name}:`);
  for (const [name, value] of Object.entries(figures)) console.log(`  ${name.padEnd(14)} ${value}`);
}

/** Median and maximum; `never` where a run did not get there. */
function spread(valuesMs: readonly (number | null)[]): string {
  const sorted = valuesMs.map((value) => value ?? Infinity).sort((a, b) => a - b);
  if (sorted.length === 0) return '-';
  const format = (value: number): string => (value === Infinity ? 'never' : value.toFixed(0));
  return `median ${format(sorted[sorted.length >> 1])}, maximum ${format(sorted[sorted.length - 1])}`;
}

function merged(counts: readonly ReadonlyMap<string, number>[]): string {
  const total = new Map<string, number>();
  for (const map of counts) for (const [what, count] of map) total.set(what, (total.get(what) ?? 0) + count);
  return [...total].map(([what, count]) => `${what} ${count}`).join(', ');
}

main();
