import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { TIMING } from '../base/settings';
import { LEAVES } from '../store/hash-tree';
import type { Received } from '../wire/messages';

const LATER_MS = TIMING.gapPatienceMs + 100;

function start(): { victim: LoneCore; peer: ScriptedPeer } {
  const victim = new LoneCore();
  const peer = new ScriptedPeer(victim, 'a');
  return { victim, peer };
}

describe('a node that misses writes of an origin', () => {
  it('asks the origin for exactly those once they have been missing for a while, and takes them in', () => {
    const { victim, peer } = start();
    peer.tells({ seq: 0, root: victim.core.root() });
    peer.writes(1, 'k1');
    peer.writes(3, 'k3');
    peer.tells({ seq: 3 });
    victim.advance(LATER_MS / 2);
    expect(peer.hears('gapRequest')).toEqual([]);
    peer.tells({ seq: 3 });
    victim.advance(LATER_MS / 2 + 100);
    const [request] = peer.hears('gapRequest');
    expect(request).toMatchObject({ from: 2, to: 2 });
    peer.sends(request.session, { seq: 2, key: 'k2' });
    peer.says({ type: 'syncEnd', session: request.session, through: 2 });
    expect(victim.read('k2')).not.toBeNull();
    expect(victim.core.report().replication).toMatchObject({
      repaired: { gap: 1, leaves: 0 },
      missingWrites: 0,
    });
  });

  it('asks at once when the link was lost in between', () => {
    const { victim, peer } = start();
    peer.tells({ root: victim.core.root() });
    peer.writes(1, 'k1');
    peer.relink();
    peer.tells({ seq: 4 });
    expect(peer.hears('gapRequest')).toMatchObject([{ from: 2, to: 4 }]);
  });

  it('compares leaves when the origin no longer remembers them', () => {
    const { victim, peer } = start();
    peer.tells({ root: victim.core.root() });
    peer.writes(1, 'k1');
    peer.relink();
    peer.tells({ seq: 100_000 });
    const [{ session }] = peer.hears('gapRequest');
    peer.says({ type: 'syncEnd', session, through: 0 });
    expect(peer.hears('leavesRequest')).toHaveLength(1);
    expect(victim.core.report().replication.missingWrites).toBe(99_999);
  });

  it('compares with somebody else as soon as a member is dead, whose last writes may have reached only some', () => {
    const { victim, peer } = start();
    const other = new ScriptedPeer(victim, 'b');
    for (const each of [peer, other]) each.tells({ root: victim.core.root() });
    for (let waitedMs = 0; waitedMs < 2 * TIMING.rootCompareMs; waitedMs += 250) {
      peer.tells({ root: { a: 5, b: 5 } });
      other.tells({ root: victim.core.root() });
      victim.advance(250);
      if (peer.hears('leavesRequest').length > 0) break;
    }
    peer.says({ type: 'leaves', leaves: new Int32Array(2 * LEAVES) });
    peer.tells({ root: { a: 6, b: 6 } });
    expect(peer.hears('leavesRequest')).toEqual([]);
    other.unlink();
    peer.tells({ root: { a: 6, b: 6 } });
    expect(peer.hears('leavesRequest')).toEqual([]);
    const endpoint = { address: '127.0.0.1', port: other.identity.listenPort };
    victim.handle({ kind: 'dial-failed', endpoint, failure: 'refused' });
    peer.tells({ root: { a: 6, b: 6 } });
    expect(peer.hears('leavesRequest')).toHaveLength(1);
  });

  it('believes whoever has an equal root about the writes of others', () => {
    const { victim, peer } = start();
    const other = new ScriptedPeer(victim, 'b');
    other.tells({ seq: 50, root: { a: 3, b: 3 } });
    expect(victim.core.report().replication.missingWrites).toBe(50);
    peer.tells({ root: victim.core.root(), marks: [{ origin: other.id, through: 50 }] });
    expect(victim.core.report().replication.missingWrites).toBe(0);
    victim.advance(5 * LATER_MS);
    expect(other.hears('gapRequest').length).toBeLessThanOrEqual(1);
  });
});

describe('a repair that origins do not come to an end with', () => {
  /** Three miss writes here, and are alive; only the last answers what it is asked for. */
  function repaired(tickles: (slow: ScriptedPeer, session: number) => void): boolean {
    const victim = new LoneCore();
    const peers = ['a', 'b', 'c'].map((digit) => new ScriptedPeer(victim, digit));
    const honest = peers[2];
    const sessions = new Map<ScriptedPeer, number>();
    for (let waitedMs = 0; waitedMs < 5 * TIMING.pullStalledMs; waitedMs += 200) {
      for (const slow of peers.slice(0, 2)) {
        for (const { session } of slow.hears('gapRequest')) sessions.set(slow, session);
        tickles(slow, sessions.get(slow) ?? 0);
      }
      for (const peer of peers) peer.tells({ seq: 3, ready: false });
      for (const { session } of honest.hears('gapRequest')) {
        honest.sends(session, { seq: 1, key: 'k1' }, { seq: 2, key: 'k2' }, { seq: 3, key: 'k3' });
        honest.says({ type: 'syncEnd', session, through: 3 });
      }
      victim.advance(200);
    }
    expect(sessions.size).toBe(2);
    return victim.read('k2') !== null;
  }

  it('leaves the turn to others where nothing comes of it', () => {
    expect(repaired(() => undefined)).toBe(true);
  });

  it('does so where what comes of it is empty', () => {
    expect(repaired((slow, session) => slow.sends(session))).toBe(true);
  });
});

describe('an origin asked for its writes', () => {
  it('gives those that are still the newest of their key, and says up to where nothing is missing', () => {
    const victim = new LoneCore();
    victim.put('a', '1');
    victim.put('b', '1');
    victim.put('a', '2');
    const peer = new ScriptedPeer(victim, 'a');
    peer.says({ type: 'gapRequest', session: 7, from: 1, to: 3 });
    const records = peer.hears('syncRecords').flatMap(({ records: given }) => given);
    expect(records.map(({ key, seq }) => [key, seq])).toEqual([
      ['b', 2],
      ['a', 3],
    ]);
    peer.says({ type: 'gapRequest', session: 8, from: 2, to: 9 });
    expect(peer.hears('syncEnd')).toMatchObject([{ session: 8, through: 3 }]);
  });

  it('leaves out what is under way on the link anyway', () => {
    const { victim, peer } = start();
    peer.tells({ root: victim.core.root() });
    victim.put('a', '1');
    peer.hears('write');
    peer.says({ type: 'gapRequest', session: 7, from: 1, to: 1 });
    expect(peer.hears('syncEnd')).toMatchObject([{ session: 7, through: 0 }]);
  });

  it('tells its count of writes and its watermarks with every heartbeat, watermarks only when they rose', () => {
    const { victim, peer } = start();
    const other = new ScriptedPeer(victim, 'b');
    other.writes(1, 'k1');
    victim.put('own', '1');
    peer.hears('pingAck');
    peer.tells({});
    peer.tells({});
    const statuses = peer.hears('pingAck').map(({ status }) => status);
    expect(statuses.map(({ seq }) => seq)).toEqual([1, 1]);
    expect(statuses.map(({ marks }) => marks)).toEqual([[{ origin: other.id, through: 1 }], []]);
  });
});

it('compares with a peer that never becomes equal less and less often', () => {
  const { victim, peer } = start();
  const leaves = new Int32Array(2 * LEAVES).fill(9);
  let pulls = 0;
  for (let quarter = 0; quarter < 4 * 1800; quarter += 1) {
    peer.tells({ root: { a: 5, b: 5 } });
    victim.advance(250);
    for (const heard of peer.hearsAll()) {
      if (heard.type === 'leavesRequest') peer.says({ type: 'leaves', leaves });
      if (heard.type !== 'syncRequest') continue;
      pulls += 1;
      peer.says({ type: 'syncEnd', session: heard.session, through: 0 });
    }
  }
  // Every ten seconds would be 180.
  expect(pulls).toBeGreaterThan(3);
  expect(pulls).toBeLessThan(12);
});

describe('a node that had no room for what a peer holds', () => {
  const LIVES_MS = 200_000;
  const LARGE = Buffer.alloc(80_000);

  it('compares with it and takes that within a comparison interval of having room again', () => {
    const victim = new LoneCore({ storageBytesMax: 100_000 });
    const peer = new ScriptedPeer(victim, 'a');
    peer.tells({ root: victim.core.root() });
    peer.writes(1, 'passing', { value: Buffer.alloc(50_000), ttlMs: LIVES_MS });
    let comparisons = 0;
    const offer = (forMs: number): void => {
      for (let passedMs = 0; passedMs < forMs && victim.read('large') === null; passedMs += 250) {
        peer.tells({ root: { a: 7, b: 7 }, seq: 1 });
        victim.advance(250);
        for (const message of peer.hearsAll()) {
          if (message.type === 'leavesRequest')
            peer.says({ type: 'leaves', leaves: new Int32Array(2 * LEAVES).fill(9) });
          if (message.type !== 'syncRequest') continue;
          comparisons += 1;
          peer.sends(message.session, { seq: 2, key: 'large', value: LARGE });
          peer.says({ type: 'syncEnd', session: message.session, through: 0 });
        }
        peer.reads();
      }
    };
    offer(LIVES_MS);
    expect(comparisons).toBeGreaterThan(2);
    expect(victim.read('large')).toBeNull();
    offer(TIMING.rootCompareMs + 2 * TIMING.rootConfirmMs);
    expect(victim.read('large')).not.toBeNull();
  });
});

describe('a node that had no room for the bytes of a newer version', () => {
  const LARGE = Buffer.alloc(80_000, 'x');
  const FREE_AGAIN_MS = 210_000;
  type Request = Extract<Received, { type: 'syncRequest' }>;
  /** All live on and hold equal versions, until the node asks this one for records. */
  const asked = (victim: LoneCore, peers: readonly ScriptedPeer[], by: number): [ScriptedPeer, Request] => {
    for (let passedMs = 0; passedMs < by; passedMs += 250) {
      for (const peer of peers) {
        peer.tells({ root: victim.core.root() });
        const request = peer.hears('syncRequest').at(0);
        if (request !== undefined) return [peer, request];
      }
      victim.advance(250);
    }
    throw new Error('nobody is asked');
  };

  it('asks one after the other for them when it has room, though all versions are equal', () => {
    const victim = new LoneCore({ storageBytesMax: 100_000 });
    const peers = ['a', 'b'].map((digit) => new ScriptedPeer(victim, digit));
    const [{ id: origin }] = peers;
    const newest = { key: 'k', seq: 3, origin, value: LARGE, hlc: (victim.wallMs + 1) * 1024 };
    for (const peer of peers) peer.tells({ root: victim.core.root() });
    peers[0].writes(1, 'passing', { value: Buffer.alloc(50_000), ttlMs: 200_000 });
    peers[0].writes(2, 'k');
    peers[0].writes(3, 'k', newest);
    expect(victim.read('k')).toBeNull();
    const [first, { session, leaves }] = asked(victim, peers, FREE_AGAIN_MS);
    expect(leaves).toHaveLength(1);
    first.says({ type: 'syncEnd', session, through: 0 });
    const [second, again] = asked(victim, peers, 1000);
    expect([second === first, again.leaves]).toEqual([false, leaves]);
    second.sends(again.session, newest);
    second.says({ type: 'syncEnd', session: again.session, through: 0 });
    expect(victim.read('k')).toBe(LARGE.toString());
    expect(victim.core.audit()).toEqual([]);
    expect(() => asked(victim, peers, 1000)).toThrow('nobody is asked');
  });
});
