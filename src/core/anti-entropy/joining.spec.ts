import { LoneCore } from '../../../test/support/core/lone-core';
import { claim, stranger } from '../../../test/support/core/forged-frames';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { TIMING } from '../base/settings';
import { HLC_TICKS_PER_MS } from '../base/version';
import { LEAVES } from '../store/hash-tree';

const OTHER_ROOT = { a: 5, b: 5 };
const OTHER_LEAVES = new Int32Array(2 * LEAVES).fill(9);

/**
 * A node that just started, linked to two ready members with different roots; the one it asks for
 * everything comes first.
 */
function join(): { joiner: LoneCore; donor: ScriptedPeer; other: ScriptedPeer; session: number } {
  const joiner = new LoneCore({}, 0);
  const peers = [new ScriptedPeer(joiner, 'a'), new ScriptedPeer(joiner, 'b')];
  for (const peer of peers) peer.tells({ root: OTHER_ROOT });
  const asked = peers.flatMap((peer) => peer.hears('syncRequest').map((request) => ({ peer, request })));
  expect(asked).toHaveLength(1);
  const [{ peer: donor, request }] = asked;
  expect(request.leaves).toBeNull();
  const other = peers.find((peer) => peer !== donor);
  if (other === undefined) throw new Error('there are two');
  return { joiner, donor, other, session: request.session };
}

describe('a node that just started', () => {
  it('is ready when one ready member has filled it and what the others hold beyond that is held too', () => {
    const { joiner, donor, other, session } = join();
    donor.sends(session, { seq: 1, key: 'k1' });
    donor.says({ type: 'syncEnd', session, through: 0 });
    expect(joiner.core.report().state).toBe('syncing');
    other.hears('leavesRequest');
    other.says({ type: 'leaves', leaves: OTHER_LEAVES });
    joiner.advance(TIMING.joinConfirmMs + 10);
    expect(other.hears('leavesRequest')).toHaveLength(1);
    other.says({ type: 'leaves', leaves: OTHER_LEAVES });
    const [request] = other.hears('syncRequest');
    other.sends(request.session, { seq: 1, key: 'k2' });
    expect(joiner.core.report().state).toBe('syncing');
    other.says({ type: 'syncEnd', session: request.session, through: 0 });
    expect(joiner.core.report().state).toBe('ready');
    expect([joiner.read('k1'), joiner.read('k2')]).not.toContain(null);
  });

  it('is not ready any more when nobody was there and it meets one that was, until it holds what that one holds', () => {
    const alone = new LoneCore();
    expect(alone.core.report().state).toBe('ready');
    const met = new ScriptedPeer(alone, 'a');
    met.tells({ root: OTHER_ROOT });
    expect(alone.core.report().state).toBe('syncing');
    const [{ session }] = met.hears('syncRequest');
    met.sends(session, { seq: 1, key: 'k1' });
    met.says({ type: 'syncEnd', session, through: 0 });
    expect(alone.core.report().state).toBe('ready');
    expect(alone.read('k1')).not.toBeNull();
  });

  it('stays ready when one joins it that is not ready before it has met it', () => {
    const first = new LoneCore();
    first.put('k', 'v');
    const joiner = new ScriptedPeer(first, 'a');
    joiner.tells({ ready: false, root: OTHER_ROOT });
    joiner.tells({ root: OTHER_ROOT });
    expect(first.core.report().state).toBe('ready');
  });

  it('takes writes under way for no loss: it asks only for what still differs when it asks again', () => {
    const { joiner, donor, other, session } = join();
    donor.sends(session, { seq: 1, key: 'k1' });
    donor.says({ type: 'syncEnd', session, through: 0 });
    other.says({ type: 'leaves', leaves: OTHER_LEAVES });
    joiner.advance(TIMING.joinConfirmMs + 10);
    // All but the leaf of k1 are equal now.
    other.says({ type: 'leaves', leaves: new Int32Array(2 * LEAVES) });
    const [request] = other.hears('syncRequest');
    expect(request.leaves).toHaveLength(1);
    other.says({ type: 'syncEnd', session: request.session, through: 0 });
    expect(joiner.core.report().state).toBe('ready');
  });

  it('asks again the only ready member, though that was silent for a while and others were empty as it was', () => {
    const joiner = new LoneCore({}, 0);
    const donor = new ScriptedPeer(joiner, 'a');
    const empty = new ScriptedPeer(joiner, 'b');
    const hears = (): number => {
      donor.tells({ root: OTHER_ROOT });
      empty.tells({ root: joiner.core.root(), ready: false });
      joiner.advance(250);
      return donor.hears('syncRequest').length;
    };
    empty.tells({ root: joiner.core.root(), ready: false });
    let asked = 0;
    for (let passedMs = 0; passedMs < 4 * TIMING.pullStalledMs; passedMs += 250) asked += hears();
    expect(asked).toBeGreaterThan(2);
  });

  it('asks less and less often for what it refuses for its stamp, and at once when its clock was set', () => {
    const joiner = new LoneCore({}, 0);
    const donor = new ScriptedPeer(joiner, 'a');
    const hlc = (joiner.wallMs + 3_600_000) * HLC_TICKS_PER_MS;
    const asked = (forMs: number): number => {
      let requests = 0;
      for (let passedMs = 0; passedMs < forMs; passedMs += 250) {
        donor.tells({ root: OTHER_ROOT });
        joiner.advance(250);
        for (const { session } of donor.hears('syncRequest')) {
          requests += 1;
          donor.sends(session, { seq: 1, key: 'far', hlc });
          donor.says({ type: 'syncEnd', session, through: 0 });
        }
      }
      return requests;
    };
    expect(asked(10_000)).toBeGreaterThan(2);
    asked(60_000);
    expect(asked(60_000)).toBeLessThanOrEqual(3);
    joiner.wallMs += 7_200_000;
    expect(asked(1000)).toBeGreaterThan(0);
    expect(joiner.core.report().state).toBe('ready');
  });

  it('waits for a member that it hears of, and not for ever', () => {
    const { joiner, donor, other, session } = join();
    const far = claim(stranger('c', { hostId: 'elsewhere' }), { address: '192.0.2.1' });
    donor.says({ type: 'view', entries: [far] });
    for (const peer of [donor, other]) peer.tells({ root: joiner.core.root() });
    donor.says({ type: 'syncEnd', session, through: 0 });
    expect(joiner.core.report().state).toBe('syncing');
    for (let passedMs = 0; passedMs < 2 * TIMING.pullStalledMs; passedMs += 250) {
      for (const peer of [donor, other]) peer.tells({ root: joiner.core.root() });
      joiner.advance(250);
    }
    expect(joiner.core.report().state).toBe('ready');
  });

  it('asks a further member again that did not answer in time and is there', () => {
    const { joiner, donor, other, session } = join();
    donor.sends(session, { seq: 1, key: 'k1' });
    donor.says({ type: 'syncEnd', session, through: 0 });
    expect(other.hears('leavesRequest')).toHaveLength(1);
    for (let passedMs = 0; passedMs < TIMING.pullStalledMs + 500; passedMs += 250) {
      other.tells({ root: OTHER_ROOT });
      donor.tells({ root: joiner.core.root() });
      joiner.advance(250);
    }
    expect(joiner.core.report().state).toBe('syncing');
    expect(other.hears('leavesRequest').length).toBeGreaterThan(0);
    other.tells({ root: joiner.core.root() });
    expect(joiner.core.report().state).toBe('ready');
  });

  it('does not wait longer for a further member of which nothing is heard', () => {
    const { joiner, donor, other, session } = join();
    donor.sends(session, { seq: 1, key: 'k1' });
    donor.says({ type: 'syncEnd', session, through: 0 });
    expect(other.hears('leavesRequest')).toHaveLength(1);
    for (let passedMs = 0; passedMs < TIMING.pullStalledMs + 500; passedMs += 250) {
      donor.tells({ root: joiner.core.root() });
      joiner.advance(250);
    }
    expect(joiner.core.report().state).toBe('ready');
  });

  it('is ready without a member that answers pings and nothing else', () => {
    const { joiner, donor, other, session } = join();
    donor.says({ type: 'syncEnd', session, through: 0 });
    const isReady = (): boolean => joiner.core.report().state === 'ready';
    for (let passedMs = 0; passedMs < 4 * TIMING.pullStalledMs && !isReady(); passedMs += 250) {
      for (const peer of [donor, other]) peer.tells({ root: OTHER_ROOT });
      joiner.advance(250);
    }
    expect(isReady()).toBe(true);
    expect(other.hears('leavesRequest').length).toBeGreaterThan(0);
  });
});
