import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { LIMITS } from '../base/limits';
import { TIMING } from '../base/settings';
import { HLC_TICKS_PER_MS, nextVersion, type Version } from '../base/version';
import type { Status } from '../wire/messages';

const DIGITS = ['1', '2', '3', '4', '6', '7', '8'];
/** Beyond whatever it does next. */
const PAUSE_MS = 400;
const NOBODY = 'f'.repeat(16);

/**
 * A node and so many peers that have told how they fare; equal to it and ready unless told
 * otherwise.
 */
function setUp(
  count: number,
  changes: Partial<Status> = {},
  raw = new LoneCore(),
): [LoneCore, ScriptedPeer[]] {
  const peers = DIGITS.slice(0, count).map((digit) => new ScriptedPeer(raw, digit));
  for (const peer of peers) peer.tells({ root: raw.core.root(), ...changes });
  return [raw, peers];
}

function ask(raw: LoneCore, minVersion: Version | null = null, requestId = 1): void {
  raw.handle({ kind: 'fetch', requestId, key: Buffer.from('k'), minVersion });
  raw.advance(0);
}

/** It stood still for a moment: what it does not hold may have been written meanwhile. */
function lag(raw: LoneCore): void {
  raw.monoMs += PAUSE_MS;
  raw.wallMs += PAUSE_MS;
  raw.advance(0);
}

/** They answer pings meanwhile. */
function live(raw: LoneCore, peers: readonly ScriptedPeer[], ms: number): void {
  for (let passedMs = 0; passedMs < ms; passedMs += 5) {
    for (const peer of peers) peer.answers();
    raw.advance(5);
  }
}

/**
 * All that are asked say that they hold nothing, until nobody is asked any more; returns who was
 * asked.
 */
function deny(peers: readonly ScriptedPeer[], isSure: boolean): ScriptedPeer[] {
  const asked: ScriptedPeer[] = [];
  for (let found = -1; found !== asked.length;) {
    found = asked.length;
    for (const peer of peers) {
      for (const { requestId } of peer.hears('fetch')) {
        asked.push(peer);
        peer.replies(requestId, null, isSure);
      }
    }
  }
  return asked;
}

describe('a read of at least a version', () => {
  const now = (raw: LoneCore): number => raw.wallMs * HLC_TICKS_PER_MS;

  it('is asked of the node that wrote it', () => {
    for (let writer = 0; writer < DIGITS.length; writer += 1) {
      const [raw, peers] = setUp(DIGITS.length);
      ask(raw, { hlc: now(raw), origin: peers[writer].id });
      expect(peers.filter((peer) => peer.hears('fetch').length > 0)).toEqual([peers[writer]]);
    }
  });

  it('is answered when the version arrives, though nobody who was asked had it yet', () => {
    const [raw, peers] = setUp(DIGITS.length);
    const hlc = now(raw);
    ask(raw, { hlc, origin: NOBODY });
    expect(deny(peers, true)).toHaveLength(3);
    expect(raw.fetches).toEqual([]);
    raw.advance(100);
    peers[6].writes(1, 'k', { hlc: hlc + 1 });
    expect(raw.fetches).toEqual([expect.objectContaining({ kind: 'found' })]);
  });

  it('ends as absent after a quarter of a second in which it did not arrive', () => {
    const [raw, peers] = setUp(DIGITS.length);
    live(raw, peers, 40);
    ask(raw, { hlc: now(raw), origin: NOBODY });
    deny(peers, true);
    live(raw, peers, 200);
    expect(raw.fetches).toEqual([]);
    live(raw, peers, 60);
    expect(raw.fetches).toEqual([{ kind: 'absent' }]);
  });

  it('is not called absent where too many are out of reach, one of whom may hold it', () => {
    const [raw, peers] = setUp(2, {}, new LoneCore({ expectedNodesMin: 5 }));
    ask(raw, { hlc: now(raw), origin: NOBODY });
    for (let ms = 0; ms < TIMING.fetchPatienceMs + 100; ms += 50) {
      deny(peers, true);
      raw.advance(50);
    }
    expect(raw.fetches).toEqual([{ kind: 'unknown' }]);
  });

  it('is not called absent on the word of a newcomer, which was in no quorum', () => {
    const [raw, peers] = setUp(1, {}, new LoneCore({ expectedNodesMin: 3 }));
    ask(raw, { hlc: now(raw), origin: NOBODY });
    for (let ms = 0; ms < TIMING.fetchPatienceMs + 100; ms += 50) {
      deny(peers, true);
      raw.advance(50);
    }
    expect(raw.fetches).toEqual([{ kind: 'unknown' }]);
  });

  it('is not called absent by one who hears nothing any more from a member that may hold it', () => {
    const [raw] = setUp(1, {}, new LoneCore({ expectedNodesMin: 3 }));
    raw.advance(100);
    ask(raw, { hlc: now(raw), origin: NOBODY });
    raw.advance(TIMING.fetchPatienceMs + 100);
    expect(raw.fetches).toEqual([{ kind: 'unknown' }]);
  });

  it('is asked of the next one for each that says nothing', () => {
    const [raw, peers] = setUp(DIGITS.length);
    ask(raw, { hlc: now(raw), origin: NOBODY });
    const asked = new Set<ScriptedPeer>();
    for (let ms = 0; ms < 1200; ms += 50) {
      for (const peer of peers) if (peer.hears('fetch').length > 0) asked.add(peer);
      raw.advance(50);
    }
    expect(asked.size).toBeGreaterThan(3);
  });

  it('is not called absent while its writer is there and silent', () => {
    const [raw, peers] = setUp(2);
    ask(raw, { hlc: now(raw), origin: peers[0].id });
    for (let ms = 0; ms < TIMING.fetchPatienceMs + 100; ms += 50) {
      deny(peers.slice(1), true);
      raw.advance(50);
    }
    expect(raw.fetches).toEqual([{ kind: 'unknown' }]);
  });

  it('is sent nothing that is older', () => {
    const [raw, [peer]] = setUp(1);
    raw.put('k', 'v');
    const minVersion = { hlc: now(raw) * 2, origin: NOBODY };
    peer.hearsAll();
    peer.says({ type: 'fetch', requestId: 7, key: 'k', minVersion, isMetadataOnly: false });
    peer.says({ type: 'fetch', requestId: 8, key: 'k', minVersion: null, isMetadataOnly: false });
    expect(peer.hears('fetchReply').map(({ record }) => record === null)).toEqual([true, false]);
  });
});

describe('a node that is not ready', () => {
  const fresh = (count: number, changes?: Partial<Status>): [LoneCore, ScriptedPeer[]] =>
    setUp(count, { root: { a: 1, b: 1 }, ...changes }, new LoneCore({}, 0));

  it('never calls a key absent on its own, nor by the word of one who is not sure', () => {
    const [raw, peers] = fresh(2, { ready: false });
    ask(raw);
    for (let ms = 0; ms < TIMING.fetchPatienceMs + 100; ms += 50) {
      expect(raw.fetches).toEqual([]);
      deny(peers, false);
      raw.advance(50);
      if (raw.fetches.length > 0) break;
    }
    expect(raw.fetches).toEqual([{ kind: 'unknown' }]);
  });

  it('asks one whose first status has not come', () => {
    const raw = new LoneCore({}, 0);
    const peer = new ScriptedPeer(raw, '1');
    ask(raw);
    const [{ requestId }] = peer.hears('fetch');
    peer.replies(requestId, { seq: 1, key: 'k' });
    expect(raw.fetches).toEqual([expect.objectContaining({ kind: 'found' })]);
  });

  it('calls a key absent when those that it was not compared with are sure of it', () => {
    const [raw, peers] = fresh(2);
    ask(raw);
    expect(new Set(deny(peers, true))).toEqual(new Set(peers));
    expect(raw.fetches).toEqual([{ kind: 'absent' }]);
  });

  it('says that nobody is sure when it is asked itself', () => {
    const [, [peer]] = fresh(1);
    peer.hearsAll();
    peer.says({ type: 'fetch', requestId: 7, key: 'k', minVersion: null, isMetadataOnly: false });
    expect(peer.hears('fetchReply')).toEqual([expect.objectContaining({ record: null, isSure: false })]);
  });
});

describe('a read that this node cannot answer alone', () => {
  it('ends with the first word of a peer that is sure', () => {
    const [raw, peers] = setUp(DIGITS.length);
    lag(raw);
    ask(raw);
    expect(deny(peers, true)).toHaveLength(1);
    expect(raw.fetches).toEqual([{ kind: 'absent' }]);
  });

  it('ends when all have said that they hold nothing, though none is sure', () => {
    const [raw, peers] = setUp(3);
    lag(raw);
    ask(raw);
    expect(deny(peers, false)).toHaveLength(3);
    expect(raw.fetches).toEqual([{ kind: 'absent' }]);
  });

  it('is one read for all who ask for the same key before a question has left', () => {
    const [raw, peers] = setUp(2);
    lag(raw);
    const key = Buffer.from('k');
    for (let requestId = 1; requestId <= 50; requestId += 1)
      raw.handle({ kind: 'fetch', requestId, key, minVersion: null });
    raw.advance(0);
    expect(deny(peers, true)).toHaveLength(1);
    expect(raw.fetches).toHaveLength(50);
  });

  it('is one more for all who came later: what was said before tells them nothing of absence', () => {
    const [raw, peers] = setUp(1);
    lag(raw);
    for (let requestId = 1; requestId <= 50; requestId += 1) ask(raw, null, requestId);
    const [{ requestId }] = peers[0].hears('fetch');
    peers[0].replies(requestId, null, true);
    expect(raw.fetches).toEqual([{ kind: 'absent' }]);
    expect(deny(peers, true)).toHaveLength(1);
    expect(raw.fetches).toHaveLength(50);
  });

  it('gives those who came later what comes for those before them', () => {
    const [raw, peers] = setUp(1);
    lag(raw);
    for (let requestId = 1; requestId <= 50; requestId += 1) ask(raw, null, requestId);
    const [{ requestId }] = peers[0].hears('fetch');
    peers[0].replies(requestId, { seq: 1, key: 'k' });
    expect(raw.fetches.map(({ kind }) => kind)).toEqual(Array<string>(50).fill('found'));
  });

  it('is refused when as many ask others already as may', () => {
    const [raw] = setUp(2);
    lag(raw);
    for (let i = 0; i <= LIMITS.fetchesMax; i += 1)
      raw.handle({ kind: 'fetch', requestId: i, key: Buffer.from(`k${i}`), minVersion: null });
    expect(raw.fetches).toEqual([{ kind: 'busy' }]);
  });
});

describe('a value whose time is up here', () => {
  it('is not given again because the deadline of a peer is a little later', () => {
    const [raw, [peer]] = setUp(1);
    const version = { hlc: raw.wallMs * HLC_TICKS_PER_MS, ttlMs: 2000 };
    peer.writes(1, 'k', version);
    expect(raw.read('k')).not.toBeNull();
    peer.lives(2100);
    expect(raw.read('k')).toBeNull();
    lag(raw);
    ask(raw);
    const asked = peer.hears('fetch');
    expect(asked).toHaveLength(1);
    peer.replies(asked[0].requestId, { seq: 1, key: 'k', ...version });
    expect(raw.fetches).not.toContainEqual(expect.objectContaining({ kind: 'found' }));
  });
});

describe('a full node', () => {
  const LIMIT = 20_000;
  const fill = (): [LoneCore, ScriptedPeer[]] => {
    const raw = new LoneCore({ storageBytesMax: LIMIT });
    const [, peers] = setUp(2, {}, raw);
    for (let i = 0; i < 40; i += 1) raw.put(`mine-${i}`, 'x'.repeat(LIMIT / 30), 'one');
    expect(raw.puts.at(-1)?.kind).toBe('full');
    expect(raw.core.mustAsk(Buffer.from('k'), raw)).toBe(true);
    return [raw, peers];
  };

  it.each([10, LIMIT * 2])('gives what a peer holds, though it cannot keep its %i bytes', (bytes) => {
    const [raw, peers] = fill();
    ask(raw);
    for (const peer of peers) {
      for (const { requestId } of peer.hears('fetch'))
        peer.replies(requestId, { seq: 1, key: 'k', value: Buffer.alloc(bytes, 'v') });
    }
    expect(raw.fetches).toEqual([expect.objectContaining({ kind: 'found' })]);
    expect(raw.read('k')).toBeNull();
  });

  it('asks all before it calls a key absent that nobody is sure of, and is not sure itself', () => {
    const [raw, peers] = fill();
    ask(raw);
    expect(new Set(deny(peers, false))).toEqual(new Set(peers));
    expect(raw.fetches).toEqual([{ kind: 'absent' }]);
    peers[0].says({ type: 'fetch', requestId: 7, key: 'k', minVersion: null, isMetadataOnly: false });
    expect(peers[0].hears('fetchReply')).toEqual([expect.objectContaining({ record: null, isSure: false })]);
  });
});

describe('a read of metadata', () => {
  const LARGE = 'x'.repeat(900_000);
  const askOf = (raw: LoneCore): void => {
    lag(raw);
    raw.handle({
      kind: 'fetch',
      requestId: 1,
      key: Buffer.from('k'),
      minVersion: null,
      isMetadataOnly: true,
    });
    raw.advance(0);
  };

  it('is answered with everything but the bytes of the value', () => {
    const [raw, [peer]] = setUp(1);
    raw.put('k', LARGE);
    peer.reads();
    peer.hearsAll();
    peer.says({ type: 'fetch', requestId: 7, key: 'k', minVersion: null, isMetadataOnly: true });
    const frames = raw.sent.length;
    expect(raw.sent.slice(frames - 1).reduce((sum, { bytes }) => sum + bytes.byteLength, 0)).toBeLessThan(
      500,
    );
    const [reply] = peer.hears('fetchReply');
    expect(reply).toMatchObject({ valueBytes: LARGE.length, record: { key: 'k', value: null } });
  });

  it('tells its reader what a peer told of the value, and keeps nothing', () => {
    const [raw, [peer]] = setUp(1);
    const root = raw.core.root();
    askOf(raw);
    const [{ requestId, isMetadataOnly }] = peer.hears('fetch');
    expect(isMetadataOnly).toBe(true);
    const hlc = raw.wallMs * HLC_TICKS_PER_MS;
    peer.describes(requestId, { seq: 1, key: 'k', hlc, ttlMs: 60_000, ageMs: 10_000 }, 5000);
    const version = { hlc, origin: peer.id };
    expect(raw.fetches).toEqual([
      { kind: 'described', metadata: expect.objectContaining({ valueBytes: 5000, version, ttlMs: 60_000 }) },
    ]);
    const [outcome] = raw.fetches;
    const leftMs = outcome.kind === 'described' ? outcome.metadata.deadlineMs - raw.monoMs : NaN;
    expect(leftMs).toBeCloseTo(50_000, -2);
    expect(raw.core.root()).toEqual(root);
  });

  it('is apart from one of the value, which metadata does not answer', () => {
    const [raw, [peer]] = setUp(1);
    lag(raw);
    ask(raw);
    const [{ requestId }] = peer.hears('fetch');
    peer.describes(requestId, { seq: 1, key: 'k' }, 5000);
    expect(raw.fetches).not.toContainEqual(expect.objectContaining({ kind: 'described' }));
  });

  it('costs a peer its link when it tells of more than a value may have', () => {
    const [raw, [peer]] = setUp(1);
    askOf(raw);
    const [{ requestId }] = peer.hears('fetch');
    peer.describes(requestId, { seq: 1, key: 'k' }, 2 ** 30);
    expect(raw.closed).toEqual([expect.objectContaining({ reason: 'protocol-error' })]);
  });
});

describe('a read of a key of which something is known here', () => {
  it('asks for no version whose time is up here', () => {
    const [raw, [peer]] = setUp(1);
    const hlc = raw.wallMs * HLC_TICKS_PER_MS;
    peer.writes(1, 'k', { hlc, ttlMs: 2000 });
    peer.lives(2100);
    lag(raw);
    ask(raw);
    const [{ minVersion }] = peer.hears('fetch');
    expect(minVersion).toEqual(nextVersion({ hlc, origin: peer.id }));
  });
});
