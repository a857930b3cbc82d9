// Processes that end, restart, leave or stand still.
import { CALM, type Scenario } from '../run/scenario';

const PROCESSES: Scenario = { ...CALM, theme: 'processes' };

export const PROCESS_SCENARIOS: readonly Scenario[] = [
  {
    ...PROCESSES,
    name: 'crashes',
    what: 'nodes of one host crash and start anew',
    hosts: [5],
    durationMs: 15_000,
    faults: [{ kind: 'crash', everyMs: [2000, 6000], lastsMs: [300, 3000] }],
  },
  {
    ...PROCESSES,
    name: 'one-after-the-other',
    what: 'as soon as all are ready again the next one crashes: what ready says must be true',
    also: ['successive'],
    durationMs: 12_000,
    writesPerSecond: 80,
    faults: [{ kind: 'crash-when-ready', everyMs: [20, 60], lastsMs: [1300, 2000] }],
  },
  {
    ...PROCESSES,
    name: 'rolling-restart',
    what: 'nodes leave one after the other and come back; now and then one crashes',
    durationMs: 20_000,
    faults: [
      { kind: 'leave', everyMs: [4000, 6000], lastsMs: [500, 2000] },
      { kind: 'crash', everyMs: [9000, 14_000], lastsMs: [300, 1000] },
    ],
  },
  {
    ...PROCESSES,
    name: 'pauses',
    what: 'nodes stand still for milliseconds and for seconds',
    hosts: [4],
    durationMs: 15_000,
    faults: [
      { kind: 'pause', everyMs: [1000, 4000], lastsMs: [20, 400] },
      { kind: 'pause', everyMs: [3000, 7000], lastsMs: [2000, 9000] },
    ],
  },
  {
    ...PROCESSES,
    name: 'stalls',
    what: 'a fifth of the nodes stands still for 300 ms every other second: nobody may be declared dead for that',
    hosts: [5],
    durationMs: 15_000,
    also: ['spared'],
    faults: [{ kind: 'stalls', everyMs: [500, 2500], lastsMs: [250, 300] }],
  },
  {
    ...PROCESSES,
    name: 'naps',
    what: 'one node after the other stands still for as long as it takes to be suspected, and blames nobody for it',
    hosts: [4],
    durationMs: 12_000,
    also: ['spared'],
    faults: [{ kind: 'pause', everyMs: [300, 1200], lastsMs: [300, 700] }],
  },
  {
    ...PROCESSES,
    name: 'stunned',
    what: 'processes crash, and their successors stand still right after their first links are up',
    hosts: [2, 2],
    durationMs: 15_000,
    faults: [{ kind: 'stunned-start', everyMs: [1500, 4000], lastsMs: [100, 600] }],
  },
  {
    ...PROCESSES,
    name: 'silent',
    what: 'one process stands still and one machine goes silent for half a minute',
    hosts: [3, 1, 1],
    seeds: 20,
    durationMs: 40_000,
    writesPerSecond: 2,
    readsPerSecond: 2,
    faults: [
      { kind: 'pause', atMs: 3000, lastsMs: [35_000, 35_000] },
      { kind: 'silent-crash', atMs: 4000, lastsMs: [35_000, 35_000] },
    ],
  },
  {
    ...PROCESSES,
    name: 'one-hangs',
    what: 'one node of two hosts hangs for seconds, relays too: writes go around it',
    hosts: [2, 2],
    also: ['prompt'],
    faults: [{ kind: 'pause', everyMs: [4000, 6000], lastsMs: [2000, 3500] }],
    durationMs: 12_000,
  },
  {
    ...PROCESSES,
    name: 'short-lives',
    what: 'values that live seconds, held up on stalled links and paused nodes',
    durationMs: 12_000,
    settings: { ttlMaxMs: 9000, clockOffsetMaxMs: 500 },
    faults: [
      { kind: 'stall', everyMs: [1500, 4000], lastsMs: [500, 6000] },
      { kind: 'pause', everyMs: [2000, 6000], lastsMs: [500, 4000] },
    ],
  },
];
