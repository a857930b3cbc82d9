import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';

const KIB = 1024;

describe('a node whose peers are all full', () => {
  const surrounded = (): { node: LoneCore; peers: ScriptedPeer[] } => {
    const node = new LoneCore({ storageBytesMax: 64 * KIB, expectedNodesMin: 3 });
    const peers = ['a', 'b'].map((digit) => new ScriptedPeer(node, digit));
    for (const peer of peers) peer.tells({ root: node.core.root() });
    node.put('held', 'x'.repeat(60 * KIB), 'one');
    for (const peer of peers) {
      peer.acks(1);
      peer.tells({ root: node.core.root(), full: true });
    }
    return { node, peers };
  };

  it.each([1, 60, 62])('takes %i KiB for a key that it holds, and says who keeps them', (kib) => {
    const { node, peers } = surrounded();
    node.put('held', 'y'.repeat(kib * KIB));
    expect(node.puts).toHaveLength(1);
    for (const peer of peers) peer.acks(2);
    expect(node.puts.at(-1)).toMatchObject({ kind: 'held' });
    expect(node.read('held')).toHaveLength(kib * KIB);
  });

  it('takes no key that it does not hold', () => {
    const { node } = surrounded();
    node.put('held', 'y');
    expect(node.put('new', 'z')?.kind).toBe('full');
  });
});

describe('a node without room', () => {
  it('says so of a newer version whose bytes it cannot keep, and does not count as a copy', () => {
    const victim = new LoneCore({ storageBytesMax: 64 * KIB });
    const peer = new ScriptedPeer(victim, 'a');
    peer.writes(1, 'k', { value: new Uint8Array(40 * KIB) });
    victim.advance(1);
    peer.writes(2, 'k', { value: new Uint8Array(70 * KIB) });
    const acks = peer.hears('acks').flatMap(({ acks: given }) => given);
    expect(acks).toEqual([
      { seq: 1, status: 'held' },
      { seq: 2, status: 'full' },
    ]);
    expect(victim.read('k')).toBeNull();
  });

  it('says so of a new key, keeps what it has, and asks nobody for what it misses', () => {
    const victim = new LoneCore({ storageBytesMax: 64 * KIB });
    const peer = new ScriptedPeer(victim, 'a');
    peer.tells({ root: victim.core.root() });
    peer.writes(1, 'a', { value: new Uint8Array(50 * KIB) });
    peer.writes(2, 'b', { value: new Uint8Array(50 * KIB) });
    peer.tells({ seq: 2 });
    victim.advance(2000);
    peer.tells({ seq: 2 });
    const heard = peer.hearsAll();
    expect(heard.flatMap((each) => (each.type === 'acks' ? each.acks : []))).toEqual([
      { seq: 1, status: 'held' },
      { seq: 2, status: 'full' },
    ]);
    expect(heard.filter(({ type }) => type === 'gapRequest' || type === 'leavesRequest')).toEqual([]);
    expect(victim.read('a')).not.toBeNull();
  });
});

it('does not wait for a peer without room', () => {
  const victim = new LoneCore();
  const [full, well, third] = ['a', 'b', 'c'].map((digit) => new ScriptedPeer(victim, digit));
  full.tells({ full: true, root: victim.core.root() });
  victim.put('k', 'v');
  for (const peer of [well, third]) {
    expect(victim.puts).toEqual([]);
    peer.acks(1);
  }
  expect(victim.puts).toMatchObject([{ kind: 'held', acks: 3 }]);
});

describe('a node whose peers do not keep up', () => {
  it('answers busy before the queue of the fastest peer overflows, and takes writes again when it drained', () => {
    const victim = new LoneCore({ storageBytesMax: 1024 * KIB * KIB });
    const peer = new ScriptedPeer(victim, 'a');
    peer.tells({ root: victim.core.root() });
    const value = 'x'.repeat(1024 * KIB - 100);
    let taken = 0;
    while (taken < 200 && victim.put(`k${taken}`, value, 'one')?.kind === 'held') taken += 1;
    expect(taken).toBeGreaterThan(30);
    expect(taken).toBeLessThan(40);
    expect(victim.puts.at(-1)).toEqual({ kind: 'busy' });
    expect(victim.read(`k${taken}`)).toBeNull();
    peer.reads();
    expect(victim.put('later', value, 'one')?.kind).toBe('held');
  });

  it('lets one peer that reads nothing lose its queue, and answers on', () => {
    const victim = new LoneCore({ storageBytesMax: 1024 * KIB * KIB });
    const [deaf, well] = ['a', 'b'].map((digit) => new ScriptedPeer(victim, digit));
    deaf.tells({ root: victim.core.root() });
    const value = 'x'.repeat(1024 * KIB - 100);
    for (let i = 0; i < 100; i += 1) {
      expect(victim.put(`k${i}`, value, 'one')?.kind).toBe('held');
      well.reads();
    }
    expect(victim.core.report().replication.queuedBytes).toBeLessThan(64 * KIB * KIB);
  });
});
