// What the runs of a scenario came to, as printed by the command line.
import type { Scenario } from './scenario';
import type { Outcome } from './simulation';

export type Print = (line: string) => unknown;

/** One block per scenario. */
export function printOutcomes(
  scenario: Scenario,
  outcomes: readonly Outcome[],
  cpuMs: number,
  print: Print,
): void {
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
    'cpu s': (cpuMs / 1000).toFixed(2),
    'x real time': (virtualMs / cpuMs).toFixed(0),
    'formation ms': spread(outcomes.map((outcome) => outcome.figures.formationMs)),
    'detection ms': spread(outcomes.flatMap((outcome) => outcome.figures.detectionMs)),
    'rest ms': spread(outcomes.map((outcome) => outcome.restMs)),
    'overstay ms': Math.max(...outcomes.map((outcome) => outcome.overstayMaxMs)).toFixed(1),
    'frames/write': (sum((outcome) => outcome.figures.frames) / writes).toFixed(1),
    'bytes/write': (sum((outcome) => outcome.figures.bytes) / writes).toFixed(0),
    outcomes: merged(outcomes.map((outcome) => outcome.figures.outcomes)),
    notifications: merged(outcomes.map((outcome) => outcome.figures.notifications)),
  };
  print(`${scenario.name}:`);
  for (const [name, value] of Object.entries(figures)) print(`  ${name.padEnd(14)} ${value}`);
}

/**
 * One line per scenario: what it does, and which checkers bind beside those that bind everywhere.
 */
export function printTable(scenarios: readonly Scenario[], print: Print): void {
  for (const { name, theme, hosts, seeds, also, what } of scenarios) {
    const binding = also.length === 0 ? '' : ` (binds also: ${also.join(', ')})`;
    print(
      `${name.padEnd(20)} ${theme.padEnd(11)} ${hosts.join('+').padEnd(8)} ${seeds} seeds: ${what}${binding}`,
    );
  }
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
