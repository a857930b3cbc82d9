// Cores broken on purpose, from outside, one for each checker: a checker that lets its core pass is itself broken.
import type { EffectSink, ReadRecord } from '../../src/core/node/effects';
import type { MemberReport } from '../../src/core/node/report';
import { LIMITS } from '../../src/core/node/settings';
import { HLC_TICKS_PER_MS } from '../../src/core/version/version';
import { productCore, type CoreFactory, type CoreOptions, type SimulatedCore } from './simulated-core';

type Alteration = (core: SimulatedCore, options: CoreOptions) => Partial<SimulatedCore>;

function altered(alter: Alteration): CoreFactory {
  return (options) => {
    const core = productCore(options);
    return {
      handle: (input, now, sink) => core.handle(input, now, sink),
      tick: (now, sink) => core.tick(now, sink),
      read: (key, now) => core.read(key, now),
      mustAsk: (key, now) => core.mustAsk(key, now),
      members: (now) => core.members(now),
      report: () => core.report(),
      liveKeys: (now) => core.liveKeys(now),
      audit: () => core.audit(),
      ...alter(core, options),
    };
  };
}

/** `sink` with some of its effects replaced. */
function sinkWith(sink: EffectSink, replaced: Partial<EffectSink>): EffectSink {
  return {
    send: (linkId, frame) => sink.send(linkId, frame),
    close: (linkId, reason) => sink.close(linkId, reason),
    dial: (endpoint) => sink.dial(endpoint),
    probe: (endpoint) => sink.probe(endpoint),
    settlePut: (requestId, outcome) => sink.settlePut(requestId, outcome),
    settleFetch: (requestId, outcome) => sink.settleFetch(requestId, outcome),
    notify: (notification) => sink.notify(notification),
    ...replaced,
  };
}

function nameOf(key: Uint8Array): string {
  return String.fromCharCode(...key);
}

/** The first node of its host never hears a frame of more than 300 bytes, and nothing repairs that. */
const deaf = altered((core, { identity }) => ({
  handle: (input, now, sink) =>
    input.kind === 'frame' && input.bytes.byteLength > 300 && identity.listenPort === 10_000
      ? now.monoMs
      : core.handle(input, now, sink),
}));

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
      send: (linkId, frame) => {
        const isLarge = frame.byteLength > LIMITS.chunkBytes;
        sink.send(linkId, isLarge ? new Uint8Array(2 * LIMITS.frameBytesMax) : frame);
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
  const store: unknown = Reflect.get(core, 'store');
  if (typeof store !== 'object' || store === null) throw new Error('the core keeps its store elsewhere');
  const used: unknown = Reflect.get(store, 'used');
  if (typeof used !== 'number') throw new Error('the store keeps its books elsewhere');
  Reflect.set(store, 'used', used + 7);
  return core;
};

export interface BrokenCore {
  readonly what: string;
  readonly checker: string;
  readonly scenario: string;
  readonly makeCore: CoreFactory;
}

export const BROKEN_CORES: readonly BrokenCore[] = [
  { what: 'never repairs one node', checker: 'converged', scenario: 'calm', makeCore: deaf },
  {
    what: 'forgets deadlines when reading',
    checker: 'deadline',
    scenario: 'calm',
    makeCore: deadlineForgotten,
  },
  { what: 'lets values live twice as long', checker: 'deadline', scenario: 'calm', makeCore: slow },
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
