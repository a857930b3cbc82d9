// How networks come together.
import { CALM, type Scenario } from '../scenario';

export const FORMATION: readonly Scenario[] = [
  { ...CALM, also: ['visible', 'spared', 'frugal'] },
  {
    ...CALM,
    name: 'calm-two-hosts',
    what: 'two hosts with mapped ports, and strangers in the range',
    hosts: [2, 2],
    also: ['visible', 'spared', 'frugal'],
    strangers: true,
    portsMapped: true,
  },
  {
    ...CALM,
    name: 'five-at-once',
    what: 'five nodes started in the same instant',
    hosts: [5],
    startSpreadMs: 0,
    also: ['spared'],
  },
  {
    ...CALM,
    name: 'late-joiner',
    what: 'a fourth node joins while the others hold data and take writes',
    hosts: [4],
    lastStartsAtMs: 3000,
    writesPerSecond: 25,
    also: ['spared'],
  },
  {
    ...CALM,
    name: 'joiner-of-many',
    what: 'a node joins that must be given 6,000 keys and their stubs',
    seeds: 8,
    hosts: [3],
    lastStartsAtMs: 4000,
    bursts: [
      { atMs: 1000, writes: 5000, prefix: 'many-', ttlMs: 60_000, valueBytes: 40, spreadMs: 2000 },
      { atMs: 1000, writes: 1000, prefix: 'brief-', ttlMs: 1000, valueBytes: 40, spreadMs: 1000 },
    ],
    also: ['spared'],
  },
  {
    ...CALM,
    name: 'static-peer',
    what: 'two hosts of which one knows only one port of the other; clocks two seconds apart',
    hosts: [3, 3],
    hostsKnownBy: 'static-peer',
    portsMapped: true,
    skewMaxMs: 2000,
    also: ['spared'],
  },
];
