// Nodes that are full, small, or must forget much at once.
import { CALM, type Scenario } from '../run/scenario';

const MEMORY: Scenario = { ...CALM, theme: 'memory', durationMs: 10_000 };
const MIB = 1024 * 1024;

export const MEMORY_SCENARIOS: readonly Scenario[] = [
  {
    ...MEMORY,
    name: 'tight-memory',
    what: 'storage of one MiB for values of up to 200 KiB; links end',
    largeValueRate: 0.05,
    settings: { storageBytesMax: MIB },
    faults: [{ kind: 'reset', everyMs: [2000, 6000], lastsMs: [0, 0] }],
  },
  {
    ...MEMORY,
    name: 'small-member',
    what: 'one of three has a tenth of the storage, and more is written than it holds',
    seeds: 50,
    isLastSmall: true,
    restMinMs: 60_000,
    also: ['frugal', 'spared', 'truthful'],
    largeValueRate: 0,
    settings: { storageBytesMax: MIB },
    bursts: [{ atMs: 2000, writes: 250, prefix: 'fill-', ttlMs: 400_000, valueBytes: 1000, spreadMs: 3000 }],
  },
  {
    ...MEMORY,
    name: 'small-members-apart',
    what: 'a small member falls out of touch and comes back while all are written full',
    seeds: 40,
    restMinMs: 20_000,
    hosts: [2, 2],
    isLastSmall: true,
    settings: { storageBytesMax: MIB },
    bursts: [{ atMs: 2000, writes: 1150, prefix: 'fill-', ttlMs: 20_000, valueBytes: 1000, spreadMs: 5000 }],
    faults: [
      { kind: 'partition', everyMs: [2000, 5000], lastsMs: [500, 3000] },
      { kind: 'reset', everyMs: [1000, 5000], lastsMs: [0, 0] },
    ],
  },
  {
    ...MEMORY,
    name: 'room-returns',
    what: 'six nodes fill up and have room again: those that refused the same are not told by each other what they lack',
    seeds: 20,
    hosts: [6],
    durationMs: 20_000,
    readsPerSecond: 60,
    largeValueRate: 0.1,
    settings: { storageBytesMax: 150 * 1024 },
    also: ['truthful'],
  },
  {
    ...MEMORY,
    name: 'mass-expiry',
    what: 'seven thousand keys whose time ends in the same instant',
    seeds: 8,
    writesPerSecond: 5,
    bursts: [
      { atMs: 1000, writes: 3500, prefix: 'due-a-', ttlMs: 6000, valueBytes: 30, spreadMs: 0 },
      { atMs: 1000, writes: 3500, prefix: 'due-b-', ttlMs: 6000, valueBytes: 30, spreadMs: 0 },
    ],
  },
  {
    ...MEMORY,
    name: 'pressure',
    what: 'a hundred and sixty values of a MiB while one node stands still',
    seeds: 4,
    durationMs: 8000,
    writesPerSecond: 2,
    bursts: [{ atMs: 2050, writes: 160, prefix: 'big-', ttlMs: 20_000, valueBytes: MIB, spreadMs: 600 }],
    faults: [{ kind: 'pause', atMs: 2000, lastsMs: [5500, 5500] }],
  },
];
