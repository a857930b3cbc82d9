// What a crowd of strangers can do to the table of members, and to those who are in it.
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import type { ViewEntry } from '../wire/messages';
import { LIMITS } from '../base/limits';
import { TIMING } from '../base/settings';

const NEIGHBOURS = { expectedNodesMin: 3 };

/** A node with two neighbours that have been there for a while. */
function settled(): { victim: LoneCore; neighbours: ScriptedPeer[] } {
  const victim = new LoneCore(NEIGHBOURS);
  const neighbours = ['a', 'b'].map((digit) => new ScriptedPeer(victim, digit));
  pass(victim, neighbours, 5000);
  expect(victim.core.report().membership).toMatchObject({ alive: 2, expectedNodes: 3, expectedHosts: 1 });
  return { victim, neighbours };
}

function pass(victim: LoneCore, peers: readonly ScriptedPeer[], ms: number): void {
  for (let passedMs = 0; passedMs < ms; passedMs += 50) {
    for (const peer of peers) peer.answers();
    victim.advance(50);
  }
}

/** The `number`th of any number of strangers, each of a host of its own. */
function stranger(victim: LoneCore, number: number, address = `10.0.0.${number % 250}`): ScriptedPeer {
  const id = (0xdead_0000 + number).toString(16).padStart(16, '0');
  return new ScriptedPeer(victim, 'c', { hostId: `foreign-${number}`, address }, id);
}

describe('a newcomer', () => {
  it('that is gone after 0.6 seconds changes no quorum and is forgotten in seconds', () => {
    const { victim, neighbours } = settled();
    const guest = stranger(victim, 1);
    pass(victim, [...neighbours, guest], 600);
    guest.unlink();
    const { quorum, counts } = victim.core.report().replication;
    expect({ quorum, counts }).toEqual({ quorum: 2, counts: 'nodes' });
    pass(victim, neighbours, 20_000);
    expect(victim.core.report().membership).toMatchObject({ dead: 0, expectedNodes: 3, expectedHosts: 1 });
    expect(victim.core.report().replication).toMatchObject({ quorum: 2, counts: 'nodes' });
  });

  it('that stays counts after its probation, alive or dead', () => {
    const { victim, neighbours } = settled();
    const host = stranger(victim, 1);
    pass(victim, [...neighbours, host], 2000);
    expect(victim.core.report().membership.expectedHosts).toBe(1);
    pass(victim, [...neighbours, host], 4000);
    expect(victim.core.report().membership).toMatchObject({ expectedNodes: 4, expectedHosts: 2 });
    expect(victim.core.report().replication).toMatchObject({ quorum: 2, counts: 'hosts' });
    host.unlink();
    pass(victim, neighbours, 20_000);
    expect(victim.core.report().membership).toMatchObject({ dead: 1, expectedHosts: 2 });
  });

  it('is remembered for a day only when it stayed for more than a minute', () => {
    const { victim, neighbours } = settled();
    const visitor = stranger(victim, 1);
    pass(victim, [...neighbours, visitor], 10_000);
    visitor.unlink();
    pass(victim, neighbours, TIMING.visitorForgottenAfterMs + 20_000);
    expect(victim.core.report().membership).toMatchObject({ dead: 0, expectedHosts: 1 });
    const host = stranger(victim, 2);
    pass(victim, [...neighbours, host], TIMING.stayedMs + 10_000);
    host.unlink();
    pass(victim, neighbours, TIMING.visitorForgottenAfterMs + 20_000);
    expect(victim.core.report().membership).toMatchObject({ dead: 1, expectedHosts: 2 });
  });

  it('is not believed about others before it is off probation itself', () => {
    const { victim, neighbours } = settled();
    const guest = stranger(victim, 1);
    const entry = (number: number, state: ViewEntry['state']): ViewEntry => ({
      identity: { ...guest.identity, id: `${number}`.padStart(16, 'e'), hostId: `told-${number}` },
      state,
      incarnation: 0,
      by: guest.id,
      direct: true,
      address: `10.9.9.${number}`,
      sinceMs: 90_000,
    });
    guest.says({ type: 'view', entries: [entry(1, 'dead'), entry(2, 'alive')] });
    pass(victim, [...neighbours, guest], 600);
    guest.unlink();
    pass(victim, neighbours, 30_000);
    expect(victim.core.report().membership).toMatchObject({ dead: 0, expectedNodes: 3, expectedHosts: 1 });
  });

  it('off probation tells of the dead that are expected', () => {
    const victim = new LoneCore(NEIGHBOURS);
    const neighbour = new ScriptedPeer(victim, 'a');
    const identity = { ...neighbour.identity, id: 'e'.repeat(16), hostId: 'told', listenPort: 9 };
    neighbour.says({
      type: 'view',
      entries: [
        {
          identity,
          state: 'dead',
          incarnation: 0,
          by: neighbour.id,
          direct: true,
          address: '10.9.9.9',
          sinceMs: 90_000,
        },
      ],
    });
    pass(victim, [neighbour], 60_000);
    expect(victim.core.report().membership).toMatchObject({ dead: 1, expectedHosts: 2 });
  });
});

describe('a crowd of strangers', () => {
  const linked = (victim: LoneCore): number => victim.core.report().membership.links;
  const members = (victim: LoneCore): number =>
    victim.core.members({ monoMs: victim.monoMs, wallMs: victim.wallMs }).length;

  it('that comes and goes leaves a bounded table, the neighbours in it, and nothing after seconds', () => {
    const { victim, neighbours } = settled();
    for (let number = 0; number < 2000; number += 1) {
      stranger(victim, number).unlink();
      if (number % 100 !== 0) continue;
      for (const neighbour of neighbours) neighbour.answers();
      expect(members(victim)).toBeLessThanOrEqual(LIMITS.membersRemembered);
    }
    expect(linked(victim)).toBe(2);
    pass(victim, neighbours, 25_000);
    expect(members(victim)).toBe(2);
    expect(victim.core.report().membership).toMatchObject({ alive: 2, expectedNodes: 3, expectedHosts: 1 });
  });

  it('from one address gets so many places, and another address still gets its own', () => {
    const { victim } = settled();
    const crowd = Array.from({ length: 100 }, (_, number) => stranger(victim, number, '10.7.7.7'));
    expect(crowd).toHaveLength(100);
    expect(victim.closed.filter(({ reason }) => reason === 'crowded')).toHaveLength(
      100 - LIMITS.membersPerAddress,
    );
    stranger(victim, 200, '10.8.8.8');
    expect(linked(victim)).toBe(2 + LIMITS.membersPerAddress + 1);
  });

  it('that fills the table keeps no member from coming back', () => {
    const { victim, neighbours } = settled();
    neighbours[0].unlink();
    for (let number = 0; number < 2 * LIMITS.membersRemembered; number += 1)
      stranger(victim, number).unlink();
    neighbours[0].relink();
    new ScriptedPeer(victim, 'd');
    expect(linked(victim)).toBe(3);
    expect(members(victim)).toBeLessThanOrEqual(LIMITS.membersRemembered);
  });
});
