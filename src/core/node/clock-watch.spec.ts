import { RawCore } from '../../../test/support/raw-core';
import { RawPeer } from '../../../test/support/raw-peer';

const HOUR_MS = 3_600_000;

/** A value with an hour to live, on a node with one peer whose wall clock shows the same. */
function start(): { victim: RawCore; peer: RawPeer } {
  const victim = new RawCore();
  const peer = new RawPeer(victim, 'a');
  victim.put('k', 'v', 'one');
  peer.lives(1000);
  expect(victim.read('k')).toBe('v');
  return { victim, peer };
}

const suspensions = (victim: RawCore): unknown[] =>
  victim.notes.filter(({ kind }) => kind === 'was-suspended');

describe('a node whose machine was suspended', () => {
  it('ends what its stamps say is over, once a peer confirms the time', () => {
    const { victim, peer } = start();
    victim.wallMs += 2 * HOUR_MS;
    victim.advance(1);
    expect(victim.read('k')).toBeNull();
    expect(victim.core.report().storage.keys).toBe(1);
    peer.lives(1000);
    expect(suspensions(victim)).toMatchObject([{ suspendedMs: 2 * HOUR_MS }]);
    expect(victim.core.report().storage).toMatchObject({ keys: 0, stubs: 1 });
  });

  it('keeps what is not over yet', () => {
    const { victim, peer } = start();
    victim.wallMs += HOUR_MS / 2;
    peer.lives(1000);
    expect(suspensions(victim)).toHaveLength(1);
    expect(victim.read('k')).toBe('v');
  });
});

describe('a node whose wall clock was set wrong', () => {
  it('keeps everything once the peers contradict', () => {
    const { victim, peer } = start();
    peer.wallOffsetMs = -2 * HOUR_MS;
    victim.wallMs += 2 * HOUR_MS;
    peer.lives(1000);
    expect(suspensions(victim)).toEqual([]);
    expect(victim.read('k')).toBe('v');
  });

  it('backwards keeps everything too', () => {
    const { victim, peer } = start();
    peer.wallOffsetMs = 2 * HOUR_MS;
    victim.wallMs -= 2 * HOUR_MS;
    peer.lives(1000);
    expect(victim.read('k')).toBe('v');
  });
});
