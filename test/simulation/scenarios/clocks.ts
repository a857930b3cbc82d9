// Clocks that are wrong, are set, or stand still.
import { CALM, type Scenario } from '../run/scenario';

const CLOCKS: Scenario = { ...CALM, theme: 'clocks', durationMs: 15_000 };

const SET_RIGHT = { kind: 'clock-set-right', atMs: 9000, lastsMs: [0, 0] } as const;
/** The first machine starts an hour ahead, takes writes, and has its clock set right. */
const AHEAD: Scenario = {
  ...CLOCKS,
  writesFromMs: 3000,
  durationMs: 25_000,
  outlierSkewMs: 3_600_000,
  settings: { ttlMaxMs: 120_000 },
  faults: [SET_RIGHT],
};

export const CLOCK_SCENARIOS: readonly Scenario[] = [
  {
    ...CLOCKS,
    name: 'wrong-clock',
    what: 'one host is fifteen seconds ahead; links end',
    hosts: [1, 2, 2],
    writesFromMs: 3000,
    outlierSkewMs: 15_000,
    faults: [{ kind: 'reset', everyMs: [3000, 8000], lastsMs: [0, 0] }],
  },
  {
    ...CLOCKS,
    name: 'skewed',
    what: 'clocks up to two seconds apart, writes of the same keys everywhere',
    hosts: [1, 1, 1],
    skewMaxMs: 1000,
    durationMs: 6000,
    also: ['spared'],
  },
  {
    ...CLOCKS,
    name: 'clock-steps',
    what: 'wall clocks are set wrong by up to a minute, and right again',
    hosts: [1, 1, 1],
    faults: [{ kind: 'clock-step', everyMs: [3000, 9000], lastsMs: [500, 9000] }],
  },
  {
    ...CLOCKS,
    name: 'clock-set',
    what: 'the one clock that all nodes share is set an hour forward or a minute back, and right again',
    also: ['visible'],
    faults: [{ kind: 'clock-set', everyMs: [3000, 6000], lastsMs: [500, 9000] }],
  },
  {
    ...CLOCKS,
    name: 'clock-set-and-crashes',
    what: 'the clock of one of two machines is set back by a minute, and processes crash and come back to it',
    hosts: [2, 2],
    faults: [
      { kind: 'clocks-set-back', everyMs: [3000, 6000], lastsMs: [500, 9000] },
      { kind: 'crash', everyMs: [3000, 8000], lastsMs: [300, 2000] },
    ],
  },
  {
    ...CLOCKS,
    name: 'clock-set-and-one-after-the-other',
    what: 'the one clock that all nodes share is set, and as soon as all are ready again the next one crashes',
    also: ['successive'],
    writesPerSecond: 40,
    faults: [
      { kind: 'clock-set', everyMs: [1500, 3000], lastsMs: [3000, 12_000] },
      { kind: 'crash-when-ready', everyMs: [20, 60], lastsMs: [1300, 2000] },
    ],
  },
  {
    ...AHEAD,
    name: 'clock-ahead-and-set-right',
    what: 'one of three machines starts an hour ahead, takes writes, and has its clock set right',
    hosts: [1, 1, 1],
  },
  {
    ...AHEAD,
    name: 'clock-of-neighbours-ahead-and-set-right',
    what: 'a machine with two nodes starts an hour ahead, takes writes, and has its clock set right',
    hosts: [2, 1, 1],
  },
  {
    ...AHEAD,
    name: 'clock-of-neighbours-ahead-and-crashes',
    what: 'a machine with three nodes starts an hour ahead and has its clock set right; processes crash and come back',
    hosts: [3, 1, 1],
    faults: [SET_RIGHT, { kind: 'crash', everyMs: [3000, 6000], lastsMs: [500, 1500] }],
  },
  {
    ...CLOCKS,
    name: 'clock-behind',
    what: 'one of three machines is a minute behind, and its process crashes and comes back',
    hosts: [1, 1, 1],
    also: ['truthful'],
    earlyReadsPerSecond: 20,
    outlierSkewMs: -60_000,
    faults: [{ kind: 'crash', everyMs: [2000, 5000], lastsMs: [300, 1500] }],
  },
  {
    ...CLOCKS,
    name: 'clock-set-of-one-host',
    what: 'the clock of one of three machines is set an hour forward or a minute back, and right again',
    hosts: [2, 1, 1],
    also: ['visible'],
    faults: [{ kind: 'clock-set', everyMs: [3000, 6000], lastsMs: [500, 9000] }],
  },
  {
    ...CLOCKS,
    name: 'clocks-set-back',
    what: 'the clocks of two of three machines are set back by a minute, and right again',
    hosts: [1, 1, 2],
    also: ['visible'],
    faults: [{ kind: 'clocks-set-back', everyMs: [3000, 6000], lastsMs: [500, 9000] }],
  },
  {
    ...CLOCKS,
    name: 'suspended',
    what: 'machines sleep for up to a minute; their wall clocks run on',
    hosts: [1, 1, 1],
    durationMs: 60_000,
    writesPerSecond: 5,
    readsPerSecond: 5,
    faults: [{ kind: 'suspend', everyMs: [3000, 20_000], lastsMs: [1000, 60_000] }],
  },
  {
    ...CLOCKS,
    name: 'frozen',
    what: 'machines stand still with both their clocks for up to four seconds',
    hosts: [1, 1, 1],
    durationMs: 20_000,
    faults: [{ kind: 'freeze', everyMs: [4000, 9000], lastsMs: [200, 4000] }],
  },
];
