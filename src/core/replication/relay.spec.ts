import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { TIMING } from '../base/settings';

const FAR = { hostId: 'host-b', address: '10.0.0.2' };
/** The longest window of a relayed write to another host. */
const SILENCE_MS_MAX = TIMING.ackWindowRemoteMaxMs + TIMING.ackWindowLocalMs + 5;

/** A node that shares its host with `near`, and another host of three. */
function start(): {
  victim: LoneCore;
  near: ScriptedPeer;
  far: ScriptedPeer[];
  relay: ScriptedPeer;
  behind: ScriptedPeer[];
} {
  const victim = new LoneCore();
  const near = new ScriptedPeer(victim, 'a');
  const far = ['7', '8', '9'].map((digit) => new ScriptedPeer(victim, digit, FAR));
  for (const peer of [near, ...far]) peer.lives(20);
  // The victim is 5555...: the next in the circle relays.
  return { victim, near, far, relay: far[0], behind: far.slice(1) };
}

const typesOf = (peer: ScriptedPeer): string[] =>
  peer.hearsAll().flatMap(({ type }) => (type === 'write' || type === 'relay' ? [type] : []));

describe('a write to another host', () => {
  it('crosses once, to the member that relays it, and is held when all have acknowledged', () => {
    const { victim, near, far } = start();
    victim.put('k', 'v');
    expect([near, ...far].map(typesOf)).toEqual([['write'], ['relay'], [], []]);
    for (const peer of [near, ...far]) {
      expect(victim.puts).toEqual([]);
      peer.acks(1);
    }
    expect(victim.puts).toMatchObject([{ kind: 'held', acks: 5 }]);
  });

  it('goes around a relay that is silent by another, which passes it on to that as well, and so does the next write', () => {
    const { victim, near, far, behind } = start();
    victim.put('k', 'v');
    for (const peer of [near, ...far]) peer.hearsAll();
    near.acks(1);
    const heard = behind.map((): string[] => []);
    for (let waitedMs = 0; waitedMs < SILENCE_MS_MAX && heard.flat().length < 2; waitedMs += 5) {
      victim.advance(5);
      behind.forEach((peer, i) => heard[i].push(...typesOf(peer)));
    }
    expect(heard).toEqual([['relay'], ['write']]);
    for (const peer of behind) peer.acks(1);
    expect(victim.puts).toMatchObject([{ kind: 'held', acks: 4 }]);
    expect(victim.core.report().replication.laggingPeers).toBe(1);
    victim.put('k2', 'v');
    expect(far.map(typesOf)).toEqual([[], ['relay'], []]);
  });

  it('still crosses once when all there lag, through the one that is least behind, and goes around it when it is silent', () => {
    const { victim, far } = start();
    for (let number = 1; number <= 3; number += 1) victim.put(`k${number}`, 'v');
    for (const peer of far) peer.hearsAll();
    far[1].acks(1, 2);
    far[2].acks(1);
    victim.advance(3 * SILENCE_MS_MAX);
    expect(victim.core.report().replication.laggingPeers).toBeGreaterThanOrEqual(far.length);
    for (const peer of far) peer.hearsAll();
    victim.put('next', 'v');
    expect(far.map(typesOf)).toEqual([[], ['relay'], []]);
    victim.advance(SILENCE_MS_MAX);
    expect(far.map(typesOf)).toEqual([['relay'], [], ['write']]);
  });

  it('is not sent again to a member that is only slow behind a relay that is not', () => {
    const { victim, far, relay, behind } = start();
    for (let number = 1; number <= 20; number += 1) {
      victim.put(`k${number}`, 'v');
      for (const peer of [relay, behind[0]]) peer.acks(number);
      victim.advance(SILENCE_MS_MAX / 2);
    }
    expect(victim.core.report().replication.laggingPeers).toBe(2);
    const sent = far.map(typesOf);
    expect(sent[0]).toHaveLength(20);
    expect(sent[2].length).toBeLessThan(4);
  });

  it('goes around a relay whose link is lost at once', () => {
    const { victim, far, relay, behind } = start();
    victim.put('k', 'v');
    for (const peer of far) peer.hearsAll();
    relay.unlink();
    expect(behind.map(typesOf)).toEqual([['relay'], ['write']]);
  });

  it('does not send again what was overwritten meanwhile', () => {
    const { victim, far, relay, behind } = start();
    victim.put('k', '1');
    victim.put('k', '2');
    for (const peer of far) peer.hearsAll();
    relay.unlink();
    const sent = behind.map((peer) =>
      peer
        .hearsAll()
        .flatMap((said) => (said.type === 'relay' || said.type === 'write' ? said.record.seq : [])),
    );
    expect(sent).toEqual([[2], [2]]);
  });

  it('goes directly where there is only one member', () => {
    const victim = new LoneCore();
    const lone = new ScriptedPeer(victim, '9', FAR);
    victim.put('k', 'v');
    expect(typesOf(lone)).toEqual(['write']);
  });
});

describe('a relay', () => {
  it('stores, acknowledges, and passes on to the others of its host only', () => {
    const victim = new LoneCore();
    const origin = new ScriptedPeer(victim, '9', FAR);
    const [near, second] = ['a', 'b'].map((digit) => new ScriptedPeer(victim, digit));
    const elsewhere = new ScriptedPeer(victim, '8', { hostId: 'host-c', address: '10.0.0.3' });
    origin.asksToRelay(1, 'k');
    expect(victim.read('k')).not.toBeNull();
    expect(origin.hears('acks')).toMatchObject([{ acks: [{ seq: 1, status: 'held' }] }]);
    const passed = [near, second].map((peer) => peer.hears('write').map(({ record }) => record));
    expect(passed).toMatchObject([[{ key: 'k', seq: 1, origin: origin.id }], [{ key: 'k', seq: 1 }]]);
    expect(typesOf(elsewhere)).toEqual([]);
  });

  it('passes nothing on that is not its sender’s own', () => {
    const victim = new LoneCore();
    const near = new ScriptedPeer(victim, 'a');
    const origin = new ScriptedPeer(victim, '9', FAR);
    origin.asksToRelay(1, 'x'.repeat(5000));
    expect(typesOf(near)).toEqual([]);
  });
});

it('a relayed write is acknowledged to its origin, not to the relay', () => {
  const victim = new LoneCore();
  const relay = new ScriptedPeer(victim, 'a');
  const origin = new ScriptedPeer(victim, '9', FAR);
  relay.passesOn(origin.id, 7, 'k');
  expect(relay.hears('acks')).toEqual([]);
  expect(origin.hears('acks')).toMatchObject([{ acks: [{ seq: 7, status: 'held' }] }]);
  expect(victim.read('k')).not.toBeNull();
});
