// The first frame of a peer comes long after its link: it was held up, or its sender stood still
// before it sent it. Which of the two, and with it how old its values are, only a ping can tell.
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';

const ELSEWHERE = { hostId: 'b'.repeat(16), address: '10.0.0.2' };
const LATE_MS = 1200;
const TTL_MS = 60_000;

/** A node whose peer says its first word, a write of this time, well after its link came up. */
function heardLate(): { raw: LoneCore; peer: ScriptedPeer; remainingMs(key: string): number | null } {
  const raw = new LoneCore();
  const peer = new ScriptedPeer(raw, '1', ELSEWHERE);
  raw.advance(LATE_MS);
  peer.hearsAll();
  peer.writes(1, 'k', { ttlMs: TTL_MS });
  raw.advance(0);
  const remainingMs = (key: string): number | null => {
    const record = raw.core.read(Buffer.from(key), { monoMs: raw.monoMs, wallMs: raw.wallMs });
    return record === null ? null : record.deadlineMs - raw.monoMs;
  };
  return { raw, peer, remainingMs };
}

describe('a peer whose first word comes late', () => {
  it('is pinged at once, and its write is not taken before it answers', () => {
    const { peer, remainingMs } = heardLate();
    const said = peer.hearsAll();
    expect(said.filter(({ type }) => type === 'ping')).not.toEqual([]);
    expect(said).toContainEqual({ type: 'acks', acks: [{ seq: 1, status: 'refused' }] });
    expect(remainingMs('k')).toBeNull();
  });

  it('has what it wrote until then asked for by its number as soon as it answers', () => {
    const { raw, peer } = heardLate();
    peer.answers();
    raw.advance(60);
    expect(peer.hears('gapRequest')).toMatchObject([{ from: 1, to: 1 }]);
  });

  it('has what it writes then live its whole life', () => {
    const { peer, remainingMs } = heardLate();
    peer.answers();
    peer.writes(2, 'l', { ttlMs: TTL_MS });
    expect(remainingMs('l')).toBe(TTL_MS);
  });

  it('leaves a pull unfinished whose records come before it answers', () => {
    const raw = new LoneCore({}, 0);
    const peer = new ScriptedPeer(raw, '1', ELSEWHERE);
    raw.advance(LATE_MS);
    peer.tells({ ready: true });
    raw.advance(0);
    const [{ session }] = peer.hears('syncRequest');
    peer.sends(session, { seq: 1, key: 'k' });
    peer.says({ type: 'syncEnd', session, through: 0 });
    raw.advance(0);
    expect(raw.core.state()).toBe('syncing');
    expect(raw.read('k')).toBeNull();
  });

  it('is not taken to have nothing where what it gives cannot be dated', () => {
    const { raw, peer } = heardLate();
    const key = Buffer.from('wanted');
    peer.tells({ ready: true });
    raw.handle({ kind: 'fetch', requestId: 1, key, minVersion: null });
    raw.advance(0);
    peer.replies(1, { seq: 5, key: 'wanted' });
    raw.advance(0);
    expect(raw.fetches).toEqual([]);
  });
});
