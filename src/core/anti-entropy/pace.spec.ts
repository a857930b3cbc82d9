// A donor that gives so little that it only keeps others from giving.
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { LIMITS } from '../base/limits';
import { TIMING } from '../base/settings';

interface Told {
  readonly askedOther: boolean;
  readonly asksOfDonor: number;
}

/** The first peer gives a record of so many bytes every four seconds; the second one is there. */
function trickled(victim: LoneCore, valueBytes: number, withOther: boolean): Told {
  const peers = [new ScriptedPeer(victim, 'a'), ...(withOther ? [new ScriptedPeer(victim, 'b')] : [])];
  for (const peer of peers) peer.tells({ seq: 0 });
  const sessions = new Map<ScriptedPeer, number>();
  let asksOfDonor = 0;
  let donor: ScriptedPeer | null = null;
  for (let ms = 0; ms < 3 * TIMING.pullPaceMs; ms += 250) {
    for (const peer of peers) {
      const heard = peer.hearsAll();
      for (const message of heard) {
        if (message.type === 'ping')
          peer.says({ type: 'pingAck', seq: message.seq, status: peer.status({}) });
        if (message.type !== 'syncRequest' && message.type !== 'leavesRequest') continue;
        donor ??= peer;
        if (peer !== donor) return { askedOther: true, asksOfDonor };
        asksOfDonor += 1;
        if (message.type === 'syncRequest') sessions.set(peer, message.session);
      }
    }
    const session = donor === null ? undefined : sessions.get(donor);
    if (donor !== null && session !== undefined && ms % 4000 === 0)
      donor.sends(session, { seq: 0, key: `k${ms}`, value: Buffer.alloc(valueBytes) });
    victim.advance(250);
  }
  return { askedOther: false, asksOfDonor };
}

it('is given up for another one', () => {
  expect(trickled(new LoneCore(), 10, true).askedOther).toBe(true);
});

it('is kept where nobody else is there', () => {
  expect(trickled(new LoneCore(), 10, false)).toEqual({ askedOther: false, asksOfDonor: 1 });
});

it('is kept as long as it gives enough', () => {
  expect(trickled(new LoneCore(), LIMITS.pullPaceBytesMin, true)).toEqual({
    askedOther: false,
    asksOfDonor: 1,
  });
});
