// Broken versions, lives and stubs.
import type { Mutant } from './mutants';

const STORE = 'store/store.ts';
const EXPIRY = 'store/expiry.ts';
const LIFETIMES = 'store/lifetimes.ts';
const GATE = 'replication/stamp-gate.ts';
const RESTAMPING = 'replication/restamping.ts';
const STAMP_CLOCK = 'version/stamp-clock.ts';

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
    what: 'is filled by another host before it knows how long the way is',
    checker: 'deadline',
    scenario: 'generations',
    within: 5,
    edits: [
      {
        file: 'anti-entropy/joining.ts',
        find: 'return nowMs < link.upAtMs + TIMING.measureMaxMs;',
        replace: 'return nowMs < -TIMING.measureMaxMs;',
      },
    ],
  },
  {
    what: 'lets each replica decide between equal stamps',
    checker: 'converged',
    scenario: 'static-peer',
    within: 10,
    // Each keeps what came first. Those that take what comes last swap, and may come to agree.
    edits: [{ file: 'base/version.ts', find: 'return a.origin < b.origin ? -1 : 1;', replace: 'return -1;' }],
  },
  {
    what: 'stamps by the wall clock alone',
    checker: 'monotone',
    scenario: 'skewed',
    within: 5,
    edits: [
      { file: 'version/hybrid-clock.ts', find: 'Math.max(next, aboveHlc + 1)', replace: 'next' },
      {
        file: 'version/hybrid-clock.ts',
        find: 'if (hlc > this.last && hlc <= this.limit(wallMs)) this.last = hlc;',
        replace: 'this.last += 0 * hlc * wallMs;',
      },
    ],
  },
  {
    what: 'takes stamps from any future',
    checker: 'stamps',
    scenario: 'wrong-clock',
    within: 15,
    edits: [
      {
        file: GATE,
        find: 'return clock.aheadMs(record, stage.now) > this.clockOffsetMaxMs;',
        replace: 'return clock.aheadMs(record, stage.now) === Infinity;',
      },
      {
        file: 'version/clock-offset.ts',
        find: 'if (Math.abs(median) <= offsetMaxMs / 2) return 0;',
        replace: 'if (median < Infinity) return 0;',
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
        file: LIFETIMES,
        find: 'return monoMs + ttlMs - ageMs;',
        replace: 'return monoMs + ttlMs + 0 * ageMs;',
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
    what: 'lets a wall clock that was set end lives',
    checker: 'lasting',
    scenario: 'clock-set',
    within: 5,
    edits: [
      { file: LIFETIMES, find: 'now.monoMs + atMs + this.settings.ttlMaxMs', replace: 'now.monoMs + atMs' },
      {
        file: STAMP_CLOCK,
        find: 'wallMs: this.earliestMs(now)',
        replace: 'wallMs: now.wallMs',
      },
    ],
  },
  {
    what: 'forgets which times its clock has shown',
    checker: 'visible',
    scenario: 'clocks-set-back',
    within: 5,
    edits: [{ file: STAMP_CLOCK, find: 'this.isNear(this.wall, baseMs)', replace: 'this.offsetMaxMs > 0' }],
  },
  {
    what: 'stamps by the clock that was set whatever the other machines say',
    checker: 'visible',
    scenario: 'clock-set-of-one-host',
    within: 5,
    edits: [
      { file: STAMP_CLOCK, find: 'if (elsewhereMs === null) {', replace: 'if (this.offsetMaxMs > 0) {' },
    ],
  },
  {
    what: 'leaves what it stamped in the future as it is',
    checker: 'converged',
    scenario: 'clock-ahead-and-set-right',
    within: 5,
    edits: [
      {
        file: RESTAMPING,
        find: 'if (stampedAtMs(known) - timeMs <= this.offsetMaxMs)',
        replace: 'if (timeMs > 0)',
      },
    ],
  },
  {
    what: 'gives what it stamped in the future the stamp of now',
    checker: 'monotone',
    scenario: 'clock-ahead-and-set-right',
    within: 5,
    edits: [
      {
        file: RESTAMPING,
        find: 'trueStamp(timeMs - ageMs, ',
        replace: 'trueStamp(timeMs - 0 * ageMs, ',
      },
    ],
  },
  {
    what: 'leaves what neighbours acknowledged in the future as it is',
    checker: 'converged',
    scenario: 'clock-of-neighbours-ahead-and-set-right',
    within: 5,
    edits: [{ file: RESTAMPING, find: 'unshared.replacedHereBy(seq)', replace: 'unshared.replacedBy(seq)' }],
  },
  {
    what: 'takes a stamp from the future for newer than what came after it',
    checker: 'converged',
    scenario: 'clock-of-neighbours-ahead-and-set-right',
    within: 5,
    edits: [
      {
        file: 'store/order.ts',
        find: 'judge?.isFuture(Math.max(hlc, incoming.hlc), now) !== true',
        replace: 'judge?.isFuture(Math.max(hlc, incoming.hlc), now) !== null',
      },
    ],
  },
  {
    what: 'does not wait for the stamp that a write of the future will get',
    checker: 'monotone',
    scenario: 'clock-of-neighbours-ahead-and-set-right',
    within: 10,
    edits: [
      {
        file: GATE,
        find: 'return restamping.isUnderWay && this',
        replace: 'return this.refused < 0 && this',
      },
    ],
  },
  {
    what: 'leaves what a dead neighbour stamped in the future as it is',
    checker: 'converged',
    scenario: 'clock-of-neighbours-ahead-and-crashes',
    within: 5,
    edits: [
      {
        file: 'replication/adopting.ts',
        find: 'if (others.areThere()) this.walk',
        replace: 'if (this.adopted > 0) this.walk',
      },
    ],
  },
  {
    what: 'times lives by the wall clock',
    checker: 'deadline',
    scenario: 'clock-steps',
    within: 3,
    edits: [
      {
        file: LIFETIMES,
        find: 'return monoMs + ttlMs - ageMs;',
        replace: 'return monoMs + hlc / 1024 + ttlMs - wallMs + 0 * ageMs;',
      },
      {
        file: LIFETIMES,
        find: '{ ttlMs, ageMs }: Incoming, { monoMs }: Now',
        replace: '{ ttlMs, ageMs, hlc }: Incoming, { monoMs, wallMs }: Now',
      },
      {
        file: STAMP_CLOCK,
        find: 'wallMs: this.earliestMs(now)',
        replace: 'wallMs: now.wallMs',
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
        file: EXPIRY,
        find: 'if (!isStub && this.lifetimes.stubEndMs({ ttlMs, expiresAtMs }) > now.monoMs) {',
        replace: 'if (now.monoMs < 0) {',
      },
    ],
  },
  {
    what: 'drops stubs that an older life outlasts',
    checker: 'durable',
    scenario: 'long-partition',
    within: 3,
    edits: [
      {
        file: EXPIRY,
        find: 'Math.max(stub.supersedesUntilMs - stampedAtMs(stub), ',
        replace: 'Math.max(0, ',
      },
    ],
  },
  {
    what: 'gives no stubs when repairing',
    checker: 'converged',
    scenario: 'joiner-of-many',
    within: 3,
    edits: [
      {
        file: 'links/sync-stream.ts',
        find: "entry.holding === 'not-held') continue",
        replace: "entry.holding !== 'value') continue",
      },
    ],
  },
];
