// Cores broken on purpose, from outside, one for each checker: a checker that lets its core pass is
// itself broken.
import type { EffectSink, ReadRecord } from '../../../src/core/base/effects';
import type { Now } from '../../../src/core/base/now';
import type { MemberReport } from '../../../src/core/base/report';
import { LIMITS } from '../../../src/core/base/limits';
import { HLC_TICKS_PER_MS } from '../../../src/core/base/version';
import { Books } from '../../../src/core/store/books';
import { wholeFrame } from '../../support/core/whole-frame';
import { altered, nameOf, sinkWith } from './altered-core';
import { productCore, type CoreFactory } from '../world/simulated-core';

/** Reads look at the store and forget the deadline. */
const deadlineForgotten = altered((core) => {
  const last = new Map<string, ReadRecord>();
  return {
    read: (key, now) => {
      const record = core.read(key, now);
      if (record !== null) last.set(nameOf(key), record);
      return record ?? last.get(nameOf(key)) ?? null;
    },
  };
});

/** Values are gone when half their time is over. */
const forgetful = altered((core) => ({
  read: (key, now) => {
    const record = core.read(key, now);
    return record !== null && now.monoMs < record.deadlineMs - record.ttlMs / 2 ? record : null;
  },
}));

/** Its time runs at half speed: whatever it holds lives twice as long. */
const slow = altered((core) => {
  const slowed = <N extends { readonly monoMs: number }>(now: N): N => ({ ...now, monoMs: now.monoMs / 2 });
  return {
    handle: (input, now, sink) => 2 * core.handle(input, slowed(now), sink),
    tick: (now, sink) => 2 * core.tick(slowed(now), sink),
    read: (key, now) => core.read(key, slowed(now)),
  };
});

/** Its time is the wall clock's: lives end when somebody sets that. */
const wallTimed = altered((core) => {
  const timed = (now: Now): Now => ({ wallMs: now.wallMs, monoMs: now.wallMs });
  const called = (now: Now, call: (timed: Now) => number): number =>
    call(timed(now)) - now.wallMs + now.monoMs;
  return {
    handle: (input, now, sink) => called(now, (wall) => core.handle(input, wall, sink)),
    tick: (now, sink) => called(now, (wall) => core.tick(wall, sink)),
    read: (key, now) => core.read(key, timed(now)),
    mustAsk: (key, now) => core.mustAsk(key, timed(now)),
    members: (now) => core.members(timed(now)),
    liveKeys: (now) => core.liveKeys(timed(now)),
  };
});

/** Speaks when it is only read. */
const restless = altered((core) => {
  let kept: EffectSink | null = null;
  return {
    tick: (now, sink) => {
      kept = sink;
      return core.tick(now, sink);
    },
    read: (key, now) => {
      kept?.notify({ kind: 'leaving' });
      return core.read(key, now);
    },
  };
});

/** Reads come from a cache that a newer version does not invalidate. */
const cached = altered((core) => {
  const first = new Map<string, ReadRecord>();
  let reads = 0;
  return {
    read: (key, now) => {
      const record = core.read(key, now);
      reads += 1;
      if (record !== null && !first.has(nameOf(key))) first.set(nameOf(key), record);
      return reads % 2 === 0 ? (first.get(nameOf(key)) ?? record) : record;
    },
  };
});

const THREE = { acks: 3, expected: 3, hosts: 1, expectedHosts: 1 };
/** Says "held by three" and stores nothing. */
const liar = altered((core, { identity }) => ({
  handle: (input, now, sink) => {
    if (input.kind !== 'put') return core.handle(input, now, sink);
    const version = { hlc: Math.floor(now.wallMs * HLC_TICKS_PER_MS), origin: identity.id };
    sink.settlePut(input.requestId, { kind: 'held', version, ...THREE });
    return now.monoMs;
  },
}));

/** Answers "held" as soon as it holds the write itself. */
const hasty = altered((core) => ({
  handle: (input, now, sink) => {
    if (input.kind !== 'put') return core.handle(input, now, sink);
    const deadlineMs = core.handle(input, now, sinkWith(sink, { settlePut: () => {} }));
    const version = core.read(input.key, now)?.version;
    if (version) sink.settlePut(input.requestId, { kind: 'held', version, ...THREE });
    return deadlineMs;
  },
}));

/** Lists for ever whom it once saw alive. */
const nostalgic = altered((core) => {
  const seen = new Map<string, MemberReport>();
  return {
    members: (now) => {
      for (const member of core.members(now)) if (member.state === 'alive') seen.set(member.id, member);
      return [...seen.values()];
    },
  };
});

/** Dials again whom it has just reached, a hundred times. */
const frantic = altered((core) => {
  let dialsLeft = 100;
  return {
    handle: (input, now, sink) => {
      const deadlineMs = core.handle(input, now, sink);
      if (input.kind === 'link-up' && input.direction === 'outbound' && dialsLeft > 0) {
        dialsLeft -= 1;
        sink.dial(input.endpoint);
      }
      return deadlineMs;
    },
  };
});

function settlingTimes(timesOf: (requestId: number) => number): CoreFactory {
  return altered((core) => {
    const miscounted = (sink: EffectSink): EffectSink =>
      sinkWith(sink, {
        settlePut: (requestId, outcome) => {
          for (let i = 0; i < timesOf(requestId); i += 1) sink.settlePut(requestId, outcome);
        },
      });
    return {
      handle: (input, now, sink) => core.handle(input, now, miscounted(sink)),
      tick: (now, sink) => core.tick(now, miscounted(sink)),
    };
  });
}

/** Sends frames twice as large as the largest allowed. */
const bloated = altered((core) => {
  const padded = (sink: EffectSink): EffectSink =>
    sinkWith(sink, {
      send: (linkId, frame, shared) => {
        const whole = wholeFrame(frame, shared);
        const isLarge = whole.byteLength > LIMITS.chunkBytes;
        sink.send(linkId, isLarge ? new Uint8Array(2 * LIMITS.frameBytesMax) : whole);
      },
    });
  return {
    handle: (input, now, sink) => core.handle(input, now, padded(sink)),
    tick: (now, sink) => core.tick(now, padded(sink)),
  };
});

/** Counts a few bytes too many into its store's books, once. */
const miscounting: CoreFactory = (options) => {
  const core = productCore(options);
  const parts: unknown = Reflect.get(core, 'parts');
  if (typeof parts !== 'object' || parts === null) throw new Error('the core keeps its parts elsewhere');
  const store: unknown = Reflect.get(parts, 'store');
  if (typeof store !== 'object' || store === null) throw new Error('the core keeps its store elsewhere');
  const books: unknown = Reflect.get(store, 'books');
  if (!(books instanceof Books)) throw new Error('the store keeps its books elsewhere');
  books.used += 7;
  return core;
};

export interface BrokenCore {
  readonly what: string;
  readonly checker: string;
  readonly scenario: string;
  readonly makeCore: CoreFactory;
}

export const BROKEN_CORES: readonly BrokenCore[] = [
  {
    what: 'forgets deadlines when reading',
    checker: 'deadline',
    scenario: 'calm',
    makeCore: deadlineForgotten,
  },
  { what: 'lets values live twice as long', checker: 'deadline', scenario: 'calm', makeCore: slow },
  {
    what: 'keeps time by the wall clock',
    checker: 'deadline',
    scenario: 'clock-steps',
    makeCore: wallTimed,
  },
  { what: 'acts when nobody called it', checker: 'stopped', scenario: 'calm', makeCore: restless },
  { what: 'forgets values early', checker: 'lasting', scenario: 'calm', makeCore: forgetful },
  { what: 'reads from a stale cache', checker: 'monotone', scenario: 'calm', makeCore: cached },
  { what: 'acknowledges without storing', checker: 'durable', scenario: 'crashes', makeCore: liar },
  { what: 'acknowledges before its peers do', checker: 'visible', scenario: 'calm', makeCore: hasty },
  { what: 'never forgets a member', checker: 'membership', scenario: 'crashes', makeCore: nostalgic },
  { what: 'dials without end', checker: 'restrained', scenario: 'calm', makeCore: frantic },
  {
    what: 'leaves some writes unanswered',
    checker: 'settled',
    scenario: 'calm',
    makeCore: settlingTimes((requestId) => (requestId % 20 === 0 ? 0 : 1)),
  },
  {
    what: 'answers some writes twice',
    checker: 'settled',
    scenario: 'calm',
    makeCore: settlingTimes((requestId) => (requestId % 20 === 0 ? 2 : 1)),
  },
  { what: 'miscounts its memory', checker: 'accounting', scenario: 'calm', makeCore: miscounting },
  { what: 'sends frames beyond the limit', checker: 'frames', scenario: 'calm', makeCore: bloated },
];
