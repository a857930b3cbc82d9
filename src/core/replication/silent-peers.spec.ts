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
