// What clocks can do to a node: its own, and those that peers claim to have.
import { claim } from '../../../test/support/core/forged-frames';
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { stampedAtMs } from '../base/version';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const YEAR_MS = 365 * 24 * HOUR_MS;
const OFFSET_MAX_MS = 10_000;

/** Peers of as many other machines, all of one opinion about the time. */
function crowd(victim: LoneCore, size: number, wallOffsetMs = 0): ScriptedPeer[] {
  return Array.from({ length: size }, (_, i) => {
    const digit = (i + 1).toString(16);
    const peer = new ScriptedPeer(victim, digit, { hostId: `host-${digit}`, address: `10.0.0.${i + 1}` });
    peer.wallOffsetMs = wallOffsetMs;
    return peer;
  });
}

/** Each answers its pings for a while. */
function live(victim: LoneCore, peers: readonly ScriptedPeer[], ms = 12_000): void {
  for (let passedMs = 0; passedMs < ms; passedMs += 20) {
    for (const peer of peers) peer.answers();
    victim.advance(20);
  }
}

/** How far ahead of its wall clock the node stamps, milliseconds. */
function stampsAheadMs(victim: LoneCore, key: string): number {
  const outcome = victim.put(key, 'v', 'one');
  if (outcome?.kind !== 'held') throw new Error(`the write came out as ${outcome?.kind}`);
  return stampedAtMs(outcome.version) - victim.wallMs;
}

describe('a node whose peers claim a time', () => {
  it.each([80 * YEAR_MS, -50 * YEAR_MS, 12_000, -12_000])(
    'of %i ms away is moved within what is allowed',
    (claimMs) => {
      const victim = new LoneCore();
      const peers = crowd(victim, 8, claimMs);
      live(victim, peers);
      const { clockOffsetMs } = victim.core.report().replication;
      expect(Math.abs(clockOffsetMs)).toBe(OFFSET_MAX_MS);
      expect(Math.abs(stampsAheadMs(victim, 'k'))).toBeLessThanOrEqual(OFFSET_MAX_MS);
    },
  );

  it('goes by those it has agreed with however many newcomers come', () => {
    const victim = new LoneCore();
    const peers = crowd(victim, 2, 8000);
    live(victim, peers);
    expect(victim.core.report().replication.clockOffsetMs).toBe(8000);
    const newcomers = ['a', 'b', 'c'].map(
      (digit) => new ScriptedPeer(victim, digit, { hostId: `host-${digit}`, address: `10.0.1.${digit}` }),
    );
    live(victim, [...peers, ...newcomers], 2000);
    expect(victim.core.report().replication.clockOffsetMs).toBe(8000);
  });

  it.each(['suddenly', 'with a goodbye'])('is moved no more seconds after they left %s', (how) => {
    const victim = new LoneCore();
    const peers = crowd(victim, 2, 80 * YEAR_MS);
    live(victim, peers);
    for (const peer of peers) {
      if (how === 'suddenly') peer.unlink();
      else peer.says({ type: 'view', entries: [claim(peer.identity, { state: 'left' })] });
    }
    victim.advance(20_000);
    expect(victim.core.report().replication.clockOffsetMs).toBe(0);
    expect(Math.abs(stampsAheadMs(victim, 'k'))).toBeLessThan(OFFSET_MAX_MS + 1);
  });

  it('refuses their stamps as before, and is not led on by steps', () => {
    const victim = new LoneCore();
    const peers = crowd(victim, 8, 80 * YEAR_MS);
    live(victim, peers);
    peers[0].writes(1, 'far', { hlc: (victim.wallMs + 80 * YEAR_MS) * 1024 });
    for (let step = 1; step <= 50; step += 1)
      peers[0].writes(1 + step, `step-${step}`, { hlc: (victim.wallMs + step * 9000) * 1024 });
    expect(victim.read('far')).toBeNull();
    expect(victim.read('step-3')).toBeNull();
    expect(stampsAheadMs(victim, 'own')).toBeLessThanOrEqual(2 * OFFSET_MAX_MS);
  });
});

describe('a node whose wall clock is set', () => {
  it.each([HOUR_MS, -MINUTE_MS, 56 * YEAR_MS, -56 * YEAR_MS])(
    'by %i ms ends nothing and stamps on',
    (byMs) => {
      const victim = new LoneCore();
      victim.put('k', 'v', 'one');
      victim.wallMs += byMs;
      victim.advance(1000);
      expect(victim.read('k')).toBe('v');
      expect(victim.put('k', 'w', 'one')).toMatchObject({ kind: 'held' });
      expect(victim.read('k')).toBe('w');
      expect(stampsAheadMs(victim, 'another')).toBeLessThanOrEqual(OFFSET_MAX_MS);
    },
  );

  it('back by a minute still takes what a neighbour stamps by the time before', () => {
    const victim = new LoneCore();
    const neighbour = new ScriptedPeer(victim, 'a');
    const beforeMs = victim.wallMs;
    victim.wallMs -= MINUTE_MS;
    victim.advance(1);
    neighbour.writes(1, 'k', { hlc: beforeMs * 1024 });
    expect(victim.read('k')).not.toBeNull();
    neighbour.writes(2, 'j', { hlc: (beforeMs + OFFSET_MAX_MS + 1000) * 1024 });
    expect(victim.read('j')).toBeNull();
  });

  it('stays at the time that other machines agree with', () => {
    const victim = new LoneCore();
    const peers = crowd(victim, 2);
    live(victim, peers);
    victim.wallMs += HOUR_MS;
    for (const peer of peers) peer.wallOffsetMs = -HOUR_MS;
    live(victim, peers);
    expect(Math.round(stampsAheadMs(victim, 'k') / 1000)).toBe(-3600);
    expect(Math.round(victim.core.report().replication.clockOffsetMs / 1000)).toBe(-3600);
  });

  it('right follows it where other machines agree with that', () => {
    const victim = new LoneCore();
    victim.wallMs -= 56 * YEAR_MS;
    victim.advance(1);
    const peers = crowd(victim, 2, 56 * YEAR_MS);
    live(victim, peers);
    victim.wallMs += 56 * YEAR_MS;
    for (const peer of peers) peer.wallOffsetMs = 0;
    live(victim, peers);
    expect(Math.abs(stampsAheadMs(victim, 'k'))).toBeLessThan(1000);
  });

  it('follows a clock that is only slewed, as through a leap second', () => {
    const victim = new LoneCore();
    for (let step = 0; step < 200; step += 1) {
      victim.wallMs += 5;
      victim.advance(100);
    }
    expect(Math.abs(stampsAheadMs(victim, 'k'))).toBeLessThan(1);
  });

  it.each<[number, string | null]>([
    [NaN, 'v'],
    [-1, 'v'],
    // Refused: no stamp is above the others (end-of-stamps.spec.ts).
    [2 ** 53, null],
  ])('to %d says nothing that its peers cannot read', (wallMs, read) => {
    const victim = new LoneCore();
    const peer = new ScriptedPeer(victim, 'a');
    victim.wallMs = wallMs;
    peer.tells({ wallMs: 0 });
    victim.put('k', 'v', 'one');
    expect(victim.read('k')).toBe(read);
    expect(peer.hears('pingAck')).toHaveLength(1);
  });

  it('asks others about what it does not hold once it had to refuse a stamp', () => {
    const victim = new LoneCore();
    const peer = new ScriptedPeer(victim, 'a');
    peer.lives(500);
    expect(victim.core.mustAsk(Buffer.from('k'), { monoMs: victim.monoMs, wallMs: victim.wallMs })).toBe(
      false,
    );
    peer.writes(1, 'k', { hlc: (victim.wallMs + MINUTE_MS) * 1024 });
    expect(victim.core.mustAsk(Buffer.from('k'), { monoMs: victim.monoMs, wallMs: victim.wallMs })).toBe(
      true,
    );
  });
});

describe('a node that starts with a clock days ahead', () => {
  it('takes what peers hold that it only just met: their clocks do not call that over', () => {
    const victim = new LoneCore();
    const [peer] = crowd(victim, 1, -3 * 24 * HOUR_MS);
    peer.tells({});
    peer.writes(1, 'k', { hlc: (victim.wallMs - 3 * 24 * HOUR_MS) * 1024, ttlMs: HOUR_MS });
    expect(victim.read('k')).not.toBeNull();
  });
});
