// The table of scenarios.
import { CALM, type Scenario, type Theme } from '../run/scenario';
import { CLOCK_SCENARIOS } from './clocks';
import { FORMATION } from './formation';
import { LINK_SCENARIOS } from './links';
import { MEMORY_SCENARIOS } from './memory';
import { PARTITION_SCENARIOS } from './partitions';
import { PROCESS_SCENARIOS } from './processes';

const EVERYTHING: Scenario = {
  ...CALM,
  name: 'everything',
  what: 'all faults but those of clocks, on three hosts, one node small',
  theme: 'everything',
  seeds: 150,
  hosts: [3, 2, 1],
  durationMs: 20_000,
  weather: { delayMs: 3, jitterMs: 10, lossRate: 0.003, duplicateRate: 0.003, replayRate: 0.003 },
  skewMaxMs: 1000,
  faults: [
    { kind: 'crash', everyMs: [6000, 15_000], lastsMs: [300, 4000] },
    { kind: 'silent-crash', everyMs: [10_000, 25_000], lastsMs: [300, 4000] },
    { kind: 'leave', everyMs: [10_000, 25_000], lastsMs: [500, 4000] },
    { kind: 'pause', everyMs: [2000, 7000], lastsMs: [50, 5000] },
    { kind: 'partition', everyMs: [7000, 15_000], lastsMs: [500, 8000] },
    { kind: 'one-way', everyMs: [7000, 15_000], lastsMs: [500, 5000] },
    { kind: 'pair-cut', everyMs: [7000, 15_000], lastsMs: [500, 5000] },
    { kind: 'half-open', everyMs: [4000, 12_000], lastsMs: [500, 9000] },
    { kind: 'stall', everyMs: [3000, 8000], lastsMs: [100, 5000] },
    { kind: 'lag', everyMs: [3000, 8000], lastsMs: [100, 5000] },
    { kind: 'reset', everyMs: [2000, 8000], lastsMs: [0, 0] },
  ],
};

export const SCENARIOS: readonly Scenario[] = [
  ...FORMATION,
  ...PROCESS_SCENARIOS,
  ...LINK_SCENARIOS,
  ...PARTITION_SCENARIOS,
  ...CLOCK_SCENARIOS,
  ...MEMORY_SCENARIOS,
  EVERYTHING,
];

export function scenariosOf(theme: Theme): readonly Scenario[] {
  return SCENARIOS.filter((scenario) => scenario.theme === theme);
}

export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw new Error(`no scenario ${name}; there are ${SCENARIOS.map((scenario) => scenario.name).join(', ')}`);
}
