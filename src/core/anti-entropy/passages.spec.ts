// A node that is filled by one of another host knows how long the way is before it asks: else what
// it is given would live longer by that, and again at each host that is filled by this one.
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { TIMING } from '../base/settings';

const FAR = { hostId: 'host-b', address: '10.0.0.2' };
/** Of a way there and back. */
const ROUND_TRIP_MS = 100;
const TTL_MS = 60_000;

function joining(host: typeof FAR | null): { raw: LoneCore; donor: ScriptedPeer } {
  const raw = new LoneCore({}, 0);
  const donor = new ScriptedPeer(raw, '1', host);
  donor.tells({ ready: true });
  raw.advance(0);
  return { raw, donor };
}

/** Answers what it was sent half a round trip ago, half a round trip from now. */
function roundTrip(raw: LoneCore, donor: ScriptedPeer): void {
  raw.advance(ROUND_TRIP_MS);
  const pings = donor.hears('ping');
  for (const { seq } of pings)
    donor.saysLate(ROUND_TRIP_MS / 2, { type: 'pingAck', seq, status: donor.status({ ready: true }) });
  raw.advance(0);
}

describe('a node that joins', () => {
  it('asks one of another host for what it holds after four round trips, one after the other', () => {
    const { raw, donor } = joining(FAR);
    expect(donor.hearsAll().map(({ type }) => type)).not.toContain('syncRequest');
    donor.relink();
    donor.tells({ ready: true });
    for (let trips = 1; trips < 4; trips += 1) roundTrip(raw, donor);
    raw.advance(0);
    const pings = donor.hears('ping');
    expect(pings).not.toEqual([]);
    raw.advance(ROUND_TRIP_MS);
    for (const { seq } of pings)
      donor.saysLate(ROUND_TRIP_MS / 2, { type: 'pingAck', seq, status: donor.status({ ready: true }) });
    raw.advance(0);
    const [{ session }] = donor.hears('syncRequest');
    donor.sends(session, { seq: 1, key: 'k', ttlMs: TTL_MS });
    const record = raw.core.read(Buffer.from('k'), { monoMs: raw.monoMs, wallMs: raw.wallMs });
    expect(record).not.toBeNull();
    expect((record?.deadlineMs ?? Infinity) - raw.monoMs).toBeLessThan(TTL_MS - 1);
  });

  it('waits no longer than a second for that', () => {
    const { raw, donor } = joining(FAR);
    raw.advance(TIMING.measureMaxMs + 60);
    expect(donor.hears('syncRequest')).toHaveLength(1);
  });

  it('asks a neighbour at once', () => {
    const { donor } = joining(null);
    expect(donor.hears('syncRequest')).toHaveLength(1);
  });
});
