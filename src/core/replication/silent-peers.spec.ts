import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { TIMING } from '../base/settings';

/** Three nodes of which two have just gone silent. */
function cutOff(): { raw: LoneCore; peers: ScriptedPeer[] } {
  const raw = new LoneCore({ expectedNodesMin: 3 });
  const peers = ['a', 'b'].map((digit) => new ScriptedPeer(raw, digit));
  for (let i = 0; i < 40; i += 1) for (const peer of peers) peer.lives(5);
  return { raw, peers };
}

const outcomes = (raw: LoneCore): string[] => raw.puts.map(({ kind }) => kind);

describe('a node that is cut off from its peers', () => {
  it('makes one write wait for them, and answers those after it as stored only at once', () => {
    const { raw } = cutOff();
    raw.put('first', 'v');
    raw.advance(TIMING.peerSilentMs - 50);
    expect(outcomes(raw)).toEqual([]);
    raw.advance(100);
    expect(outcomes(raw)).toEqual(['stored']);
    raw.put('second', 'v');
    raw.put('third', 'v', 'all');
    expect(outcomes(raw)).toEqual(['stored', 'stored', 'stored']);
  });

  it('hopes for a peer again from the moment when anything comes from it', () => {
    const { raw, peers } = cutOff();
    raw.put('first', 'v');
    raw.advance(TIMING.peerSilentMs + 100);
    peers[0].tells({});
    raw.put('second', 'v');
    expect(outcomes(raw)).toEqual(['stored']);
    peers[0].acks(2);
    expect(outcomes(raw)).toEqual(['stored', 'held']);
  });

  it('goes on hoping for a peer that is behind with its acknowledgements and tells how it fares', () => {
    const { raw, peers } = cutOff();
    raw.put('first', 'v');
    for (let ms = 0; ms < 1500; ms += 100) {
      peers[0].tells({});
      raw.advance(100);
    }
    expect(outcomes(raw)).toEqual([]);
    peers[0].acks(1);
    expect(outcomes(raw)).toEqual(['held']);
  });

  it('does not take for silence that it stood still itself', () => {
    const { raw, peers } = cutOff();
    raw.put('first', 'v');
    raw.advance(100);
    raw.monoMs += 1500;
    raw.wallMs += 1500;
    raw.advance(10);
    expect(outcomes(raw)).toEqual([]);
    peers[0].acks(1);
    expect(outcomes(raw)).toEqual(['held']);
  });
});

describe('a newcomer that is linked and says nothing', () => {
  const KEY = Buffer.from('never written');

  /** What readers are told, asked every 50 ms while the newcomer is silent, and when first. */
  function answers(raw: LoneCore, others: readonly ScriptedPeer[], forMs: number): Map<string, number> {
    const told = new Map<string, number>();
    for (let ms = 0; ms < forMs; ms += 50) {
      const now = { monoMs: raw.monoMs, wallMs: raw.wallMs };
      const before = raw.fetches.length;
      if (raw.core.mustAsk(KEY, now))
        raw.handle({ kind: 'fetch', requestId: ms, key: KEY, minVersion: null });
      else told.set('absent at once', told.get('absent at once') ?? ms);
      for (const other of others) other.lives(50);
      for (const { kind } of raw.fetches.slice(before)) told.set(kind, told.get(kind) ?? ms);
    }
    return told;
  }

  it('keeps nobody from saying that a key is absent once it has let a probe pass', () => {
    const raw = new LoneCore();
    const peer = new ScriptedPeer(raw, 'a');
    peer.lives(500);
    new ScriptedPeer(raw, 'b');
    const told = answers(raw, [peer], 3000);
    expect(told.get('unknown')).toBeUndefined();
    expect(told.get('absent at once')).toBeLessThan(TIMING.fetchPatienceMs / 4);
  });

  it('that is known from before is waited for', () => {
    const raw = new LoneCore();
    const peers = ['a', 'b'].map((digit) => new ScriptedPeer(raw, digit));
    for (let i = 0; i < 100; i += 1) for (const peer of peers) peer.lives(5);
    peers[1].relink();
    const now = { monoMs: raw.monoMs, wallMs: raw.wallMs };
    expect(raw.core.mustAsk(KEY, now)).toBe(true);
    peers[0].lives(1000);
    expect(raw.core.mustAsk(KEY, { monoMs: raw.monoMs, wallMs: raw.wallMs })).toBe(true);
  });
});
