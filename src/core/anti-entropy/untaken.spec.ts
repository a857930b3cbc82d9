// A node whose clock is behind refuses what the others have acknowledged. It must not tell as all
// what it holds.
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { HLC_TICKS_PER_MS } from '../base/version';

const HOUR_MS = 3_600_000;
/** Members count, and their clocks are known. */
const SETTLED_MS = 5000;
const PEERS = ['a', 'b'].map((digit, at) => ({
  digit,
  host: { hostId: `host ${digit}`, address: `10.0.0.${at + 1}` },
}));

/** Three nodes of three machines; of the other two each clock is so far ahead of this one's. */
function among(aheadMs: readonly number[]): { raw: LoneCore; peers: ScriptedPeer[] } {
  const raw = new LoneCore();
  const peers = PEERS.map(({ digit, host }, at) => {
    const peer = new ScriptedPeer(raw, digit, host);
    peer.wallOffsetMs = aheadMs[at];
    return peer;
  });
  live(raw, peers, SETTLED_MS);
  expect(tellsAll(raw)).toBe(true);
  return { raw, peers };
}

function live(raw: LoneCore, peers: readonly ScriptedPeer[], ms: number): void {
  for (let passedMs = 0; passedMs < ms; passedMs += 5) {
    for (const peer of peers) peer.answers();
    raw.advance(5);
  }
}

function tellsAll(raw: LoneCore): boolean {
  return raw.core.isFilled({ monoMs: raw.monoMs, wallMs: raw.wallMs });
}

/** Written by a peer at the time that its clock shows. */
function written(raw: LoneCore, peer: ScriptedPeer): void {
  peer.hears('acks');
  peer.writes(1, 'k', { hlc: (raw.wallMs + peer.wallOffsetMs) * HLC_TICKS_PER_MS });
  expect(peer.hears('acks')).toMatchObject([{ acks: [{ status: 'refused' }] }]);
}

it.each([40_000, HOUR_MS])('a node that is %d ms behind the others tells nothing as all there is', (ms) => {
  const { raw, peers } = among([ms, ms]);
  written(raw, peers[0]);
  expect(tellsAll(raw)).toBe(false);
});

it('a node tells all while only the one clock is wrong that is ahead', () => {
  const { raw, peers } = among([HOUR_MS, 0]);
  written(raw, peers[0]);
  expect(tellsAll(raw)).toBe(true);
});

it('a node tells all again once it holds what each of the others holds', () => {
  const { raw, peers } = among([HOUR_MS, HOUR_MS]);
  written(raw, peers[0]);
  raw.wallMs += HOUR_MS;
  for (const peer of peers) peer.wallOffsetMs = 0;
  live(raw, [peers[0]], 2000);
  expect(tellsAll(raw)).toBe(false);
  live(raw, peers, 2000);
  expect(tellsAll(raw)).toBe(true);
});
