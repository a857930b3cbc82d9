// Broken versions, lives and stubs.
import type { Mutant } from './mutants';

const STORE = 'store/store.ts';
const COORDINATOR = 'replication/coordinator.ts';

export const VERSION_MUTANTS: readonly Mutant[] = [
  {
    what: 'takes whatever comes last',
    checker: 'monotone',
    scenario: 'slow-links',
    within: 5,
    edits: [
      {
        file: STORE,
        find: 'if (order < 0 || (order === 0 && !fills))',
        replace: 'if (order === 0 && !fills)',
      },
    ],
  },
  {
    what: 'lets each replica decide between equal stamps',
    checker: 'converged',
    scenario: 'five-at-once',
    within: 10,
    edits: [
      { file: 'version/version.ts', find: 'return a.origin < b.origin ? -1 : 1;', replace: 'return 1;' },
    ],
  },
  {
    what: 'stamps by the wall clock alone',
    checker: 'monotone',
    scenario: 'skewed',
    within: 5,
    edits: [{ file: 'version/hybrid-clock.ts', find: 'if (hlc > this.last) this.last = hlc;', replace: '' }],
  },
  {
    what: 'takes stamps from any future',
    checker: 'stamps',
    scenario: 'clock-steps',
    within: 15,
    edits: [
      {
        file: COORDINATOR,
        find: 'if (aheadMs <= this.settings.clockOffsetMaxMs) return false;',
        replace: 'if (aheadMs < Infinity) return false;',
      },
    ],
  },
  {
    what: 'restarts the time-to-live on receipt',
    checker: 'deadline',
    scenario: 'short-lives',
    within: 5,
    edits: [
      {
        file: STORE,
        find: 'now.monoMs + incoming.ttlMs - incoming.ageMs',
        replace: 'now.monoMs + incoming.ttlMs',
      },
    ],
  },
  {
    what: 'leaves the transit out of the age',
    checker: 'deadline',
    scenario: 'short-lives',
    within: 5,
    edits: [{ file: 'wire/record-codec.ts', find: 'sentAgeMs + transitMs', replace: 'sentAgeMs' }],
  },
  {
    what: 'never asks its wall clock whether the machine slept',
    checker: 'deadline',
    scenario: 'suspended',
    within: 10,
    edits: [
      {
        file: 'node/clock-watch.ts',
        find: 'if (Math.abs(jumpedMs) < this.jumpMs)',
        replace: 'if (jumpedMs < Infinity)',
      },
    ],
  },
  {
    what: 'ends by a wall clock that nobody confirmed',
    checker: 'lasting',
    scenario: 'clock-steps',
    within: 15,
    edits: [{ file: COORDINATOR, find: ' - this.doubtMs', replace: '' }],
  },
  {
    what: 'times lives by the wall clock',
    checker: 'deadline',
    scenario: 'clock-steps',
    within: 3,
    edits: [
      {
        file: STORE,
        find: 'Math.min(now.monoMs + incoming.ttlMs - incoming.ageMs, this.endByStampMs(incoming, now))',
        replace: 'this.endByStampMs(incoming, now) - this.settings.clockOffsetMaxMs',
      },
    ],
  },
  {
    what: 'forgets what has expired',
    checker: 'resurrection',
    scenario: 'pauses',
    within: 20,
    edits: [
      {
        file: STORE,
        find: 'if (this.stubEndMs(entry.hlc, now) > now.monoMs) this.insert(entry, now);',
        replace: '',
      },
    ],
  },
  {
    what: 'drops stubs that an older life outlasts',
    checker: 'durable',
    scenario: 'long-partition',
    within: 3,
    edits: [{ file: STORE, find: 'Math.max(entry.supersedesUntilMs, ', replace: 'Math.max(0, ' }],
  },
  {
    what: 'gives no stubs when repairing',
    checker: 'converged',
    scenario: 'joiner-of-many',
    within: 3,
    edits: [
      {
        file: 'anti-entropy/sync-stream.ts',
        find: "entry.holding === 'not-held') continue",
        replace: "entry.holding !== 'value') continue",
      },
    ],
  },
];
