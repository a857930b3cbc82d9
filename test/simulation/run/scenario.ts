// One row of the table of scenarios: what kind of network, what goes wrong, what is written. A seed
// fills in the rest.
import type { CoreSettings } from '../../../src/core/base/settings';
import type { FaultPlan } from '../faults/fault';
import type { LinePlan } from '../world/line';
import type { Weather } from '../world/link';

/** Runs of one theme share a test file. */
export type Theme = 'formation' | 'processes' | 'links' | 'partitions' | 'clocks' | 'memory' | 'everything';

/** Many writes at once, of keys of their own. */
export interface Burst {
  readonly atMs: number;
  readonly writes: number;
  /** Keys are this and a number; the same prefix again overwrites. */
  readonly prefix: string;
  readonly ttlMs: number;
  readonly valueBytes: number;
  /** Spread evenly over this. */
  readonly spreadMs: number;
}

export interface Scenario {
  readonly name: string;
  readonly what: string;
  readonly theme: Theme;
  /** Seeds in `npm test`. */
  readonly seeds: number;
  /** Checkers that bind here beside those that bind everywhere. */
  readonly also: readonly string[];
  /** Nodes on each host. */
  readonly hosts: readonly number[];
  /** Milliseconds of writes and faults; then faults end and the network comes to rest. */
  readonly durationMs: number;
  /** The run goes on for this long after that at least. */
  readonly restMinMs: number;
  readonly weather: Weather;
  /** What any two hosts are joined by; null: nothing that fills up. */
  readonly line: LinePlan | null;
  readonly faults: readonly FaultPlan[];
  readonly writesPerSecond: number;
  readonly readsPerSecond: number;
  /** Each key is read at other nodes right after its writer was answered. */
  readonly readsElsewhere: boolean;
  readonly bursts: readonly Burst[];
  /** Writes begin after this; milliseconds. */
  readonly writesFromMs: number;
  /** Wall clocks are wrong by up to this, either way. */
  readonly skewMaxMs: number;
  /** When set, host 0's wall clock is wrong by exactly this. */
  readonly outlierSkewMs: number | null;
  /** Nodes start within this; milliseconds. The last ones start at `lastStartsAtMs`, when set. */
  readonly startSpreadMs: number;
  readonly lastStartsAtMs: number | null;
  /** How many of the last ones start at `lastStartsAtMs`. */
  readonly lastNodes: number;
  /**
   * What is sent first on a link comes later by up to this, once the last nodes start: the machine
   * is busy then. Milliseconds.
   */
  readonly slowStartMs: number;
  /**
   * Reads per second at nodes that started within the last seconds, whatever they say of
   * themselves.
   */
  readonly earlyReadsPerSecond: number;
  /** The last node has a tenth of the others' storage. */
  readonly isLastSmall: boolean;
  /**
   * How hosts know each other: every host's whole port range, or only host 0's first port (one
   * static peer).
   */
  readonly hostsKnownBy: 'range' | 'static-peer';
  /** Hosts are reached by others under other ports than their processes listen on. */
  readonly portsMapped: boolean;
  /** A foreign program and another cluster's node hold ports in the range of host 0. */
  readonly strangers: boolean;
  /** Chance of a value between 64 and 200 KiB. */
  readonly largeValueRate: number;
  readonly settings: Partial<CoreSettings>;
}

const GOOD_WEATHER: Weather = { delayMs: 5, jitterMs: 2, lossRate: 0, duplicateRate: 0, replayRate: 0 };

/** Three nodes of one host in good health, some clients; scenarios say how they differ. */
export const CALM: Scenario = {
  name: 'calm',
  what: 'three nodes of one host in good health',
  theme: 'formation',
  seeds: 75,
  also: [],
  hosts: [3],
  durationMs: 5000,
  restMinMs: 3000,
  weather: GOOD_WEATHER,
  line: null,
  faults: [],
  writesPerSecond: 12,
  readsPerSecond: 15,
  readsElsewhere: false,
  bursts: [],
  writesFromMs: 1000,
  skewMaxMs: 20,
  outlierSkewMs: null,
  startSpreadMs: 200,
  lastStartsAtMs: null,
  lastNodes: 1,
  slowStartMs: 0,
  earlyReadsPerSecond: 0,
  isLastSmall: false,
  hostsKnownBy: 'range',
  portsMapped: false,
  strangers: false,
  largeValueRate: 0.02,
  settings: {},
};

export function nodesOf({ hosts }: Scenario): number {
  return hosts.reduce((sum, count) => sum + count, 0);
}

/** The same with that many nodes, spread evenly over its hosts. */
export function withNodes(scenario: Scenario, nodes: number): Scenario {
  const { length } = scenario.hosts;
  const share = (host: number): number => Math.floor(nodes / length) + (host < nodes % length ? 1 : 0);
  return { ...scenario, hosts: scenario.hosts.map((_, host) => share(host)) };
}
