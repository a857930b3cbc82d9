import { claim } from '../../../test/support/core/forged-frames';
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { TIMING } from '../base/settings';

const KEY = Buffer.from('unknown here');

function stateOf({ core, monoMs, wallMs }: LoneCore, { id }: ScriptedPeer): string | undefined {
  return core.members({ monoMs, wallMs }).find((member) => member.id === id)?.state;
}

function mustAsk({ core, monoMs, wallMs }: LoneCore): boolean {
  return core.mustAsk(KEY, { monoMs, wallMs });
}

/** A node and its peers, which hold the same; it has taken the first of them for dead since. */
function parted(digits: readonly string[]): { raw: LoneCore; peers: ScriptedPeer[] } {
  const raw = new LoneCore();
  const peers = digits.map((digit) => new ScriptedPeer(raw, digit));
  raw.put('k', 'v', 'one');
  for (let i = 0; i < 800; i += 1) for (const peer of peers) peer.lives(5);
  const [away] = peers;
  away.unlink();
  const endpoint = { address: '127.0.0.1', port: away.identity.listenPort };
  raw.handle({ kind: 'dial-failed', endpoint, failure: 'refused' });
  for (let ms = 0; ms < TIMING.lateReadWindowMs; ms += 5) {
    for (const peer of peers.slice(1)) peer.answers();
    raw.advance(5);
  }
  expect(stateOf(raw, away)).toBe('dead');
  expect(mustAsk(raw)).toBe(false);
  for (const peer of peers) peer.hearsAll();
  return { raw, peers };
}

describe.each([
  ['one of two peers', ['1', '2']],
  ['the only peer', ['1']],
])('when %s was taken for dead and comes back', (_who, digits) => {
  it('a node calls nothing absent before it was compared with it', () => {
    const { raw, peers } = parted(digits);
    const [back] = peers;
    back.relink();
    expect(mustAsk(raw)).toBe(true);
    back.tells({});
    expect(mustAsk(raw)).toBe(true);
    back.says({ type: 'view', entries: [claim(back.identity, { incarnation: 1 })] });
    expect(stateOf(raw, back)).toBe('alive');
    expect(mustAsk(raw)).toBe(true);
  });

  it('a node knows what is absent as soon as it says that it holds the same', () => {
    const { raw, peers } = parted(digits);
    const [back] = peers;
    back.relink();
    back.tells({ root: raw.core.root() });
    expect(mustAsk(raw)).toBe(false);
  });

  it('a node compares its leaves with it at once', () => {
    const { raw, peers } = parted(digits);
    const [back] = peers;
    back.relink();
    back.tells({});
    back.says({ type: 'view', entries: [claim(back.identity, { incarnation: 1 })] });
    raw.advance(100);
    expect(back.hears('leavesRequest')).toHaveLength(1);
  });
});
