// Beyond the year 2109 no stamp is above the others. A write that would change nothing is refused.
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { STAMP_MAX, WALL_MS_MAX } from '../base/bounds';

const FAR_MS = Date.UTC(2150, 0, 1);

it('a node whose clock is set beyond the stamps refuses to write, reads on, and says so once', () => {
  const victim = new LoneCore();
  expect(victim.put('k', 'before', 'one')).toMatchObject({ kind: 'held' });
  victim.wallMs = FAR_MS;
  for (const key of ['k', 'k', 'new']) expect(victim.put(key, 'after', 'one')).toEqual({ kind: 'unstamped' });
  expect([victim.read('k'), victim.read('new')]).toEqual(['before', null]);
  expect(victim.notes.filter(({ kind }) => kind === 'clock-beyond-stamps')).toEqual([
    { kind: 'clock-beyond-stamps', timeMs: WALL_MS_MAX },
  ]);
});

it('it writes again as soon as its clock is right, and every write replaces the one before', () => {
  const victim = new LoneCore();
  const rightMs = victim.wallMs;
  victim.wallMs = FAR_MS;
  victim.put('k', 'lost', 'one');
  victim.wallMs = rightMs;
  for (const value of ['one', 'two', 'three']) {
    expect(victim.put('k', value, 'one')).toMatchObject({ kind: 'held' });
    expect(victim.read('k')).toBe(value);
  }
});

it('every write up to the last millisecond of the stamps is one that the next can replace, or refused', () => {
  const victim = new LoneCore();
  let refused = 0;
  for (const leftMs of [2000, 2, 1, 0.5, 0.001, 0]) {
    victim.wallMs = WALL_MS_MAX - leftMs;
    for (let i = 0; i < 600; i += 1) {
      const value = `${leftMs} ${i}`;
      const kind = victim.put('k', value, 'one')?.kind;
      if (kind === 'unstamped') refused += 1;
      else expect([kind, victim.read('k')]).toEqual(['held', value]);
    }
  }
  expect(refused).toBeGreaterThan(600);
});

it('a node whose peers elsewhere show another time goes on by the clock that it had', () => {
  const victim = new LoneCore();
  const peers = ['1', '2', '3'].map(
    (digit) => new ScriptedPeer(victim, digit, { hostId: `host-${digit}`, address: `10.0.0.${digit}` }),
  );
  const live = (): void => {
    for (let passedMs = 0; passedMs < 12_000; passedMs += 20) {
      for (const peer of peers) peer.answers();
      victim.advance(20);
    }
  };
  live();
  const offsetMs = FAR_MS - victim.wallMs;
  victim.wallMs += offsetMs;
  for (const peer of peers) peer.wallOffsetMs = -offsetMs;
  live();
  for (const value of ['one', 'two']) {
    expect(victim.put('k', value, 'one')).toMatchObject({ kind: 'held' });
    expect(victim.read('k')).toBe(value);
  }
});

it('a key that a peer stamped with the last stamp is refused to writers, and no other is', () => {
  const victim = new LoneCore();
  const rightMs = victim.wallMs;
  victim.wallMs = FAR_MS;
  victim.advance(1000);
  victim.wallMs = rightMs;
  victim.advance(1000);
  const peer = new ScriptedPeer(victim, '1', { hostId: 'host-1', address: '10.0.0.1' });
  peer.writes(1, 'taken', { hlc: STAMP_MAX });
  expect(victim.read('taken')).not.toBeNull();
  expect(victim.put('taken', 'mine', 'one')).toEqual({ kind: 'unstamped' });
  expect(victim.put('free', 'mine', 'one')).toMatchObject({ kind: 'held' });
});
