// Nodes that do not hear each other.
import { CALM, type Scenario } from '../run/scenario';

const PARTITIONS: Scenario = { ...CALM, theme: 'partitions', durationMs: 20_000 };

export const PARTITION_SCENARIOS: readonly Scenario[] = [
  {
    ...PARTITIONS,
    name: 'partitions',
    what: 'three hosts that are parted both ways and one way; clocks 300 ms apart',
    hosts: [2, 2, 1],
    skewMaxMs: 300,
    faults: [
      { kind: 'partition', everyMs: [0, 7000], lastsMs: [500, 18_000] },
      { kind: 'one-way', everyMs: [3000, 7000], lastsMs: [500, 8000] },
    ],
  },
  {
    ...PARTITIONS,
    name: 'local-partitions',
    what: 'the nodes of one host are parted',
    hosts: [3],
    faults: [
      { kind: 'partition', everyMs: [1000, 5000], lastsMs: [500, 8000] },
      { kind: 'one-way', everyMs: [2000, 6000], lastsMs: [500, 5000] },
    ],
  },
  {
    ...PARTITIONS,
    name: 'pair-cuts',
    what: 'pairs that do not hear each other while everybody else hears both',
    hosts: [1, 1, 1, 1],
    faults: [{ kind: 'pair-cut', everyMs: [1000, 5000], lastsMs: [1000, 12_000] }],
  },
  {
    ...PARTITIONS,
    name: 'cut-off-restart',
    what: 'a node of two hosts starts anew while they are parted, and denies nothing that it held',
    seeds: 20,
    also: ['truthful'],
    hosts: [1, 1],
    durationMs: 90_000,
    writesPerSecond: 0,
    earlyReadsPerSecond: 0,
    readsPerSecond: 4,
    settings: { expectedHostsMin: 1 },
    bursts: [{ atMs: 1500, writes: 20, prefix: 'x-', ttlMs: 300_000, valueBytes: 20, spreadMs: 500 }],
    faults: [
      { kind: 'partition', atMs: 8000, lastsMs: [80_000, 80_000] },
      { kind: 'crash', atMs: 10_000, lastsMs: [300, 2000] },
    ],
  },
  {
    ...PARTITIONS,
    name: 'parted-newcomers',
    what: 'two hosts are parted before either is off probation, for long enough to take each other for dead',
    seeds: 20,
    hosts: [1, 1],
    restMinMs: 40_000,
    faults: [{ kind: 'partition', atMs: 3050, lastsMs: [7000, 9000] }],
  },
  {
    ...PARTITIONS,
    name: 'forgotten-and-back',
    what: 'two hosts, of which one knows one port of the other, are parted for longer than they remember each other',
    seeds: 12,
    hosts: [2, 2],
    hostsKnownBy: 'static-peer',
    durationMs: 130_000,
    writesPerSecond: 4,
    readsPerSecond: 2,
    restMinMs: 50_000,
    faults: [{ kind: 'partition', atMs: 10_000, lastsMs: [100_000, 110_000] }],
  },
  {
    ...PARTITIONS,
    name: 'long-partition',
    what: 'a short life overwrites a long one while a node is away for 25 minutes and stubs run short of room',
    seeds: 4,
    hosts: [3],
    durationMs: 1_560_000,
    writesPerSecond: 0,
    readsPerSecond: 0,
    settings: { ttlMaxMs: 3_600_000, storageBytesMax: 150 * 1024 },
    bursts: [
      { atMs: 1500, writes: 40, prefix: 'x-', ttlMs: 3_000_000, valueBytes: 20, spreadMs: 500 },
      { atMs: 13_000, writes: 40, prefix: 'x-', ttlMs: 2000, valueBytes: 20, spreadMs: 500 },
      { atMs: 20_000, writes: 400, prefix: 'y-', ttlMs: 1000, valueBytes: 20, spreadMs: 1000 },
    ],
    faults: [{ kind: 'partition', atMs: 4000, lastsMs: [1_500_000, 1_500_000] }],
  },
];
