import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { TIMING } from '../base/settings';
import { LEAVES } from '../store/hash-tree';
import { HLC_TICKS_PER_MS, nextVersion, type Version } from '../base/version';

const NOBODY = 'f'.repeat(16);

/** A node and two peers that hold the same, a while after they met. */
function settled(): { raw: LoneCore; peers: ScriptedPeer[]; isOutdated(): boolean } {
  const raw = new LoneCore();
  const peers = ['1', '2'].map((digit) => new ScriptedPeer(raw, digit));
  raw.put('k', 'old', 'one');
  for (let i = 0; i < 40; i += 1) for (const peer of peers) peer.lives(5);
  const isOutdated = (): boolean => raw.core.isOutdated({ monoMs: raw.monoMs, wallMs: raw.wallMs });
  return { raw, peers, isOutdated };
}

function sleep(raw: LoneCore, ms: number): void {
  raw.monoMs += ms;
  raw.wallMs += ms;
}

/** Asks peers for something newer than what is held. */
function confirm(raw: LoneCore): void {
  const held: Version = { hlc: raw.wallMs * HLC_TICKS_PER_MS, origin: NOBODY };
  const minVersion = nextVersion(held);
  raw.handle({ kind: 'fetch', requestId: 1, key: Buffer.from('k'), minVersion, isConfirmation: true });
  raw.advance(0);
}

describe('a node that stood still for a second or more', () => {
  it('is outdated from the very first read after it, before anything else was done', () => {
    const { raw, isOutdated } = settled();
    expect(isOutdated()).toBe(false);
    sleep(raw, TIMING.outdatedAfterMs + 300);
    expect(isOutdated()).toBe(true);
    raw.advance(0);
    expect(isOutdated()).toBe(true);
  });

  it('is not any more when everybody answered since that it holds the same', () => {
    const { raw, peers, isOutdated } = settled();
    sleep(raw, 1500);
    raw.advance(0);
    peers[0].answers();
    expect(isOutdated()).toBe(true);
    peers[1].answers();
    expect(isOutdated()).toBe(false);
  });

  it('is not convinced by what a peer said before, which lay in its buffers meanwhile', () => {
    const { raw, peers, isOutdated } = settled();
    sleep(raw, 1500);
    for (const peer of peers) peer.tells({ root: raw.core.root() });
    expect(isOutdated()).toBe(true);
  });

  it('compares its leaves at once with a peer that holds something else', () => {
    const { raw, peers, isOutdated } = settled();
    for (const peer of peers) peer.hearsAll();
    sleep(raw, 1500);
    raw.advance(0);
    const asked = (): ScriptedPeer[] => peers.filter((peer) => peer.hears('leavesRequest').length > 0);
    const [first] = asked();
    first.says({ type: 'leaves', leaves: new Int32Array(2 * LEAVES) });
    raw.advance(0);
    expect(isOutdated()).toBe(true);
    expect(first.hears('syncRequest')).toHaveLength(1);
  });

  it('is done with a peer that is gone, and with everybody after five seconds', () => {
    const { raw, peers, isOutdated } = settled();
    sleep(raw, 1500);
    raw.advance(0);
    peers[0].answers();
    raw.handle({ kind: 'dial-failed', endpoint: gone(peers[1], raw), failure: 'refused' });
    raw.advance(0);
    expect(isOutdated()).toBe(false);

    const other = settled();
    sleep(other.raw, 1500);
    other.raw.advance(0);
    for (let ms = 0; ms < TIMING.outdatedMaxMs; ms += 100) other.raw.advance(100);
    expect(other.isOutdated()).toBe(false);
  });
});

describe('asking whether there is something newer than what is held', () => {
  it('ends with the first word of a peer that is sure', () => {
    const { raw, peers } = settled();
    for (const peer of peers) peer.hearsAll();
    confirm(raw);
    const asked = peers.map((peer) => peer.hears('fetch'));
    expect(asked.flat()).toHaveLength(1);
    peers[asked[0].length > 0 ? 0 : 1].replies(asked.flat()[0].requestId, null, true);
    expect(raw.fetches).toEqual([{ kind: 'absent' }]);
  });

  it('finds what a peer holds', () => {
    const { raw, peers } = settled();
    for (const peer of peers) peer.hearsAll();
    confirm(raw);
    const hlc = raw.wallMs * HLC_TICKS_PER_MS + 1;
    for (const peer of peers)
      for (const { requestId } of peer.hears('fetch')) peer.replies(requestId, { seq: 1, key: 'k', hlc });
    expect(raw.fetches).toMatchObject([{ kind: 'found', record: { version: { hlc } } }]);
  });

  it('ends as unknown after a second and a half of silence', () => {
    const { raw } = settled();
    confirm(raw);
    raw.advance(TIMING.confirmPatienceMs - 10);
    expect(raw.fetches).toEqual([]);
    raw.advance(60);
    expect(raw.fetches).toEqual([{ kind: 'unknown' }]);
  });
});

describe('whether there is nothing under a key', () => {
  const key = Buffer.from('unknown here');
  const mustAsk = ({ core, monoMs, wallMs }: LoneCore): boolean => core.mustAsk(key, { monoMs, wallMs });
  const end = (raw: LoneCore, peer: ScriptedPeer): void => {
    raw.handle({ kind: 'dial-failed', endpoint: gone(peer, raw), failure: 'refused' });
    raw.advance(0);
  };

  it('is in doubt for a minute on a node that stood still and lost all others before it met them', () => {
    const { raw, peers } = settled();
    sleep(raw, 1500);
    raw.advance(0);
    for (const peer of peers) end(raw, peer);
    expect(mustAsk(raw)).toBe(true);
    raw.handle({ kind: 'fetch', requestId: 2, key, minVersion: null, isConfirmation: false });
    raw.advance(TIMING.fetchPatienceMs + 100);
    expect(raw.fetches).toEqual([{ kind: 'unknown' }]);
    raw.advance(TIMING.doubtMaxMs);
    expect(mustAsk(raw)).toBe(false);
  });

  it('is known to a node that met one of the others after it woke, and then lost them', () => {
    const { raw, peers } = settled();
    sleep(raw, 1500);
    raw.advance(0);
    end(raw, peers[0]);
    peers[1].answers();
    end(raw, peers[1]);
    expect(mustAsk(raw)).toBe(false);
  });

  it('is not known before a peer that comes back has told how it is now', () => {
    const { raw, peers } = settled();
    for (const peer of peers) peer.lives(TIMING.lateReadWindowMs / peers.length);
    for (const peer of peers) peer.answers();
    expect(mustAsk(raw)).toBe(false);
    peers[0].relink();
    expect(mustAsk(raw)).toBe(true);
    peers[0].tells({ root: raw.core.root() });
    expect(mustAsk(raw)).toBe(false);
  });
});

/** Its process has ended. */
function gone(peer: ScriptedPeer, raw: LoneCore): { address: string; port: number } {
  peer.unlink();
  raw.advance(0);
  return { address: '127.0.0.1', port: peer.identity.listenPort };
}
