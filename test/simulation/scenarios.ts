// The table of scenarios: what kind of network, what goes wrong, what is written. A seed fills in the rest.
import type { CoreSettings } from '../../src/core/node/settings';
import type { FaultPlan } from './faults';
import type { Weather } from './link';

export interface Scenario {
  readonly name: string;
  /** Nodes on each host. */
  readonly hosts: readonly number[];
  /** Milliseconds of writes and faults; then faults end and the network comes to rest. */
  readonly durationMs: number;
  readonly weather: Weather;
  readonly faults: readonly FaultPlan[];
  readonly writesPerSecond: number;
  readonly readsPerSecond: number;
  /** Writes begin after this; milliseconds. */
  readonly writesFromMs: number;
  /** Wall clocks are wrong by up to this, either way. */
  readonly skewMaxMs: number;
  /** When set, host 0's wall clock is wrong by exactly this. */
  readonly outlierSkewMs: number | null;
  /** Nodes start within this; milliseconds. The last one starts `lastStartsAtMs` after all that, when set. */
  readonly startSpreadMs: number;
  readonly lastStartsAtMs: number | null;
  /** How hosts know each other: every host's whole port range, or only host 0's first port (one static peer). */
  readonly hostsKnownBy: 'range' | 'static-peer';
  /** Hosts are reached by others under other ports than their processes listen on. */
  readonly portsMapped: boolean;
  /** A foreign program and another cluster's node hold ports in the range of host 0. */
  readonly strangers: boolean;
  /** No fault at all: then an acknowledged write is readable on every node at once. */
  readonly isCalm: boolean;
  /** Chance of a value between 64 and 200 KiB. */
  readonly largeValueRate: number;
  readonly settings: Partial<CoreSettings>;
}

const CALM: Scenario = {
  name: 'calm',
  hosts: [3],
  durationMs: 6000,
  weather: { delayMs: 5, jitterMs: 2, lossRate: 0, duplicateRate: 0 },
  faults: [],
  writesPerSecond: 15,
  readsPerSecond: 20,
  writesFromMs: 1000,
  skewMaxMs: 20,
  outlierSkewMs: null,
  startSpreadMs: 200,
  lastStartsAtMs: null,
  hostsKnownBy: 'range',
  portsMapped: false,
  strangers: false,
  isCalm: false,
  largeValueRate: 0.02,
  settings: {},
};

const HARSH: Weather = { delayMs: 20, jitterMs: 60, lossRate: 0.02, duplicateRate: 0.02 };

export const SCENARIOS: readonly Scenario[] = [
  { ...CALM, isCalm: true },
  { ...CALM, name: 'calm-two-hosts', hosts: [2, 2], isCalm: true, strangers: true, portsMapped: true },
  { ...CALM, name: 'five-at-once', hosts: [5], startSpreadMs: 0 },
  { ...CALM, name: 'late-joiner', hosts: [4], lastStartsAtMs: 4000, writesPerSecond: 30 },
  {
    ...CALM,
    name: 'static-peer',
    hosts: [3, 3],
    hostsKnownBy: 'static-peer',
    portsMapped: true,
    skewMaxMs: 2000,
  },
  {
    ...CALM,
    name: 'bad-weather',
    hosts: [2, 1, 1],
    weather: HARSH,
    durationMs: 15_000,
    faults: [{ kind: 'reset', everyMs: [500, 4000], lastsMs: [0, 0] }],
  },
  {
    ...CALM,
    name: 'storm',
    hosts: [3],
    durationMs: 15_000,
    faults: [
      { kind: 'storm', everyMs: [1000, 4000], lastsMs: [500, 3000] },
      { kind: 'stall', everyMs: [1000, 4000], lastsMs: [100, 8000] },
    ],
  },
  {
    ...CALM,
    name: 'crashes',
    hosts: [5],
    durationMs: 30_000,
    faults: [{ kind: 'crash', everyMs: [4000, 12_000], lastsMs: [300, 3000] }],
  },
  {
    ...CALM,
    name: 'rolling-restart',
    hosts: [3],
    durationMs: 30_000,
    faults: [
      { kind: 'leave', everyMs: [6000, 8000], lastsMs: [500, 2000] },
      { kind: 'crash', everyMs: [15_000, 20_000], lastsMs: [300, 1000] },
    ],
  },
  {
    ...CALM,
    name: 'pauses',
    hosts: [4],
    durationMs: 20_000,
    faults: [
      { kind: 'pause', everyMs: [1000, 5000], lastsMs: [20, 400] },
      { kind: 'pause', everyMs: [5000, 9000], lastsMs: [2000, 9000] },
    ],
  },
  {
    ...CALM,
    name: 'partitions',
    hosts: [2, 2, 1],
    durationMs: 30_000,
    skewMaxMs: 300,
    faults: [
      { kind: 'partition', everyMs: [0, 9000], lastsMs: [500, 25_000] },
      { kind: 'one-way', everyMs: [5000, 9000], lastsMs: [500, 8000] },
    ],
  },
  {
    ...CALM,
    name: 'half-open',
    hosts: [2, 2],
    durationMs: 20_000,
    faults: [
      { kind: 'half-open', everyMs: [2000, 6000], lastsMs: [1000, 15_000] },
      { kind: 'silent-crash', everyMs: [10_000, 20_000], lastsMs: [2000, 8000] },
    ],
  },
  {
    ...CALM,
    name: 'wrong-clock',
    hosts: [1, 2, 2],
    durationMs: 15_000,
    writesFromMs: 3000,
    outlierSkewMs: 15_000,
    faults: [{ kind: 'reset', everyMs: [3000, 8000], lastsMs: [0, 0] }],
  },
  {
    ...CALM,
    name: 'short-lives',
    hosts: [3],
    durationMs: 20_000,
    settings: { ttlMaxMs: 9000, clockOffsetMaxMs: 500 },
    faults: [
      { kind: 'stall', everyMs: [2000, 5000], lastsMs: [500, 6000] },
      { kind: 'pause', everyMs: [3000, 8000], lastsMs: [500, 4000] },
    ],
  },
  {
    ...CALM,
    name: 'tight-memory',
    hosts: [3],
    durationMs: 15_000,
    largeValueRate: 0.05,
    settings: { storageBytesMax: 1024 * 1024 },
    faults: [{ kind: 'reset', everyMs: [3000, 8000], lastsMs: [0, 0] }],
  },
  {
    ...CALM,
    name: 'everything',
    hosts: [3, 2, 1],
    durationMs: 30_000,
    weather: { delayMs: 3, jitterMs: 10, lossRate: 0.003, duplicateRate: 0.003 },
    skewMaxMs: 1000,
    faults: [
      { kind: 'crash', everyMs: [8000, 20_000], lastsMs: [300, 4000] },
      { kind: 'silent-crash', everyMs: [15_000, 30_000], lastsMs: [300, 4000] },
      { kind: 'leave', everyMs: [15_000, 30_000], lastsMs: [500, 4000] },
      { kind: 'pause', everyMs: [3000, 9000], lastsMs: [50, 5000] },
      { kind: 'partition', everyMs: [10_000, 20_000], lastsMs: [500, 9000] },
      { kind: 'one-way', everyMs: [10_000, 20_000], lastsMs: [500, 5000] },
      { kind: 'half-open', everyMs: [5000, 15_000], lastsMs: [500, 9000] },
      { kind: 'stall', everyMs: [4000, 9000], lastsMs: [100, 5000] },
      { kind: 'reset', everyMs: [2000, 9000], lastsMs: [0, 0] },
    ],
  },
];

export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined) {
    throw new Error(
      `no scenario ${name}; there are ${SCENARIOS.map((scenario) => scenario.name).join(', ')}`,
    );
  }
  return found;
}
