// Links that are slow, stand still, end, or do what no stream does.
import type { Weather } from '../world/link';
import { CALM, type Scenario } from '../run/scenario';

const LINKS: Scenario = { ...CALM, theme: 'links', durationMs: 10_000 };
const HARSH: Weather = { delayMs: 20, jitterMs: 60, lossRate: 0.02, duplicateRate: 0.02, replayRate: 0.02 };

export const LINK_SCENARIOS: readonly Scenario[] = [
  {
    ...LINKS,
    name: 'bad-weather',
    what: 'three hosts, frames lost, repeated and replayed, links that end',
    hosts: [2, 1, 1],
    weather: HARSH,
    faults: [{ kind: 'reset', everyMs: [500, 4000], lastsMs: [0, 0] }],
  },
  {
    ...LINKS,
    name: 'storm',
    what: 'bursts of lost and repeated frames, stalled links',
    faults: [
      { kind: 'storm', everyMs: [1000, 4000], lastsMs: [500, 3000] },
      { kind: 'stall', everyMs: [1000, 4000], lastsMs: [100, 6000] },
    ],
  },
  {
    ...LINKS,
    name: 'replays',
    what: 'five copies asked for, frames repeated and replayed while links stand still and sides are parted',
    hosts: [5],
    settings: { replicationFactor: 5 },
    weather: { ...LINKS.weather, duplicateRate: 0.2, replayRate: 0.2 },
    faults: [
      { kind: 'partition', everyMs: [500, 4000], lastsMs: [500, 3000] },
      { kind: 'stall', everyMs: [500, 3000], lastsMs: [500, 4000] },
    ],
  },
  {
    ...LINKS,
    name: 'slow-links',
    what: 'directions of links that are slower by up to a second and a half for a while',
    hosts: [2, 2],
    faults: [
      { kind: 'lag', everyMs: [300, 2000], lastsMs: [200, 5000] },
      { kind: 'reset', everyMs: [2000, 6000], lastsMs: [0, 0] },
    ],
  },
  {
    ...LINKS,
    name: 'slow-line',
    what: 'two hosts with a line of 800 kbit/s that loses packets; keys are read elsewhere as soon as they are acknowledged',
    hosts: [2, 2],
    also: ['truthful'],
    weather: { ...LINKS.weather, delayMs: 20, jitterMs: 5 },
    line: { bytesPerMs: 100, lossRate: 0.02, resentAfterMs: [200, 800] },
    writesPerSecond: 25,
    largeValueRate: 0.005,
    readsElsewhere: true,
  },
  {
    ...LINKS,
    name: 'brief-links',
    what: 'links of three hosts that end all the time; keys are read elsewhere as soon as they are acknowledged',
    hosts: [2, 1, 1],
    seeds: 40,
    also: ['truthful'],
    weather: { ...LINKS.weather, delayMs: 20, jitterMs: 5 },
    writesPerSecond: 40,
    largeValueRate: 0,
    readsElsewhere: true,
    durationMs: 8000,
    faults: [{ kind: 'reset', everyMs: [100, 600], lastsMs: [0, 0] }],
  },
  {
    ...LINKS,
    name: 'half-open',
    what: 'links of which one end is gone, and machines that go silent',
    hosts: [2, 2],
    durationMs: 20_000,
    faults: [
      { kind: 'half-open', everyMs: [1500, 5000], lastsMs: [1000, 12_000] },
      { kind: 'silent-crash', everyMs: [7000, 15_000], lastsMs: [2000, 8000] },
    ],
  },
];
