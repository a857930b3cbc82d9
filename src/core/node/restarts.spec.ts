import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { stranger } from '../../../test/support/core/forged-frames';
import { TIMING } from '../base/settings';

const RESTARTS = 3000;
const KEYS = 10;

/** The id of the n-th process at one and the same place. */
const idOf = (n: number): string => n.toString(16).padStart(16, '0');

it('thousands of restarts of one node leave heartbeats, views and /peers as they were', () => {
  const victim = new LoneCore();
  const watcher = new ScriptedPeer(victim, 'a');
  const heartbeatBytes = (): number => {
    // So that a whole view may go again with it.
    victim.advance(TIMING.viewResendMs);
    const before = victim.sent.length;
    watcher.tells({ root: victim.core.root() });
    return victim.sent.slice(before).reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  };
  const restarted = (n: number): ScriptedPeer => {
    const peer = new ScriptedPeer(victim, 'b', null, idOf(n));
    peer.writes(1, `k${n % KEYS}`);
    return peer;
  };
  for (let n = 1; n <= KEYS; n += 1) restarted(n).unlink();
  watcher.lives(50);
  const first = heartbeatBytes();
  for (let n = KEYS + 1; n <= RESTARTS; n += 1) {
    restarted(n).unlink();
    if (n % 10 === 0) watcher.lives(20);
    victim.sent.length = 0;
  }
  watcher.lives(500);
  expect(heartbeatBytes()).toBeLessThanOrEqual(first);
  const known = victim.core.members({ monoMs: victim.monoMs, wallMs: victim.wallMs });
  expect(known.map(({ id }) => id).sort()).toEqual([idOf(RESTARTS), stranger('a').id].sort());
});
