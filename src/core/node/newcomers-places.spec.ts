// What a newcomer changes that is, or is said to be, in the place of a member.
import { claim } from '../../../test/support/core/forged-frames';
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { TIMING } from '../base/settings';

const HOSTS = [
  { hostId: 'host-b', address: '10.0.0.2' },
  { hostId: 'host-c', address: '10.0.0.3' },
];
const STAYED_MS = TIMING.stayedMs + 10_000;
/** Whoever falls silent has been found dead by then. */
const FOUND_DEAD_MS = 20_000;

function pass(victim: LoneCore, peers: readonly ScriptedPeer[], ms: number): void {
  for (let passedMs = 0; passedMs < ms; passedMs += 50) {
    for (const peer of peers) peer.answers();
    victim.advance(50);
  }
}

/** Two members of other hosts that stayed. */
function settled(): { victim: LoneCore; members: ScriptedPeer[] } {
  const victim = new LoneCore();
  const members = HOSTS.map((host, at) => new ScriptedPeer(victim, 'bc'[at], host));
  pass(victim, members, STAYED_MS);
  expectWhole(victim);
  return { victim, members };
}

/** The same, dead by now. */
function bereft(): { victim: LoneCore; members: ScriptedPeer[] } {
  const { victim, members } = settled();
  for (const member of members) member.unlink();
  pass(victim, [], FOUND_DEAD_MS);
  expectWhole(victim);
  return { victim, members };
}

function expectWhole({ core }: LoneCore): void {
  expect(core.report().membership).toMatchObject({ expectedNodes: 3, expectedHosts: 3 });
  expect(core.report().replication).toMatchObject({ quorum: 2, counts: 'hosts' });
}

/** Other processes in the places of these. */
function heirs(victim: LoneCore): ScriptedPeer[] {
  return HOSTS.map((host, at) => new ScriptedPeer(victim, 'bc'[at], host, `${at + 1}`.repeat(16)));
}

describe('a newcomer in the place of a member that is dead', () => {
  it('changes no quorum, nor does its end', () => {
    const { victim } = bereft();
    const crashing = heirs(victim);
    expectWhole(victim);
    pass(victim, crashing, 1000);
    for (const peer of crashing) peer.unlink();
    pass(victim, [], FOUND_DEAD_MS);
    expectWhole(victim);
  });

  it('that counts already and ends changes none either', () => {
    const { victim } = bereft();
    const crashing = heirs(victim);
    pass(victim, crashing, 10_000);
    expectWhole(victim);
    for (const peer of crashing) peer.unlink();
    pass(victim, [], TIMING.visitorForgottenAfterMs + FOUND_DEAD_MS);
    expectWhole(victim);
  });

  it('changes none when a visitor only told of it', () => {
    const { victim, members } = bereft();
    const visitor = new ScriptedPeer(victim, 'e', { hostId: 'host-e', address: '10.0.0.9' });
    const entries = members.map(({ identity }, at) => claim({ ...identity, id: `${at + 1}`.repeat(16) }));
    visitor.says({ type: 'view', entries });
    expectWhole(victim);
    visitor.unlink();
    pass(victim, [], FOUND_DEAD_MS);
    expectWhole(victim);
  });

  it('changes none by what it answers on this host', () => {
    const victim = new LoneCore();
    const neighbours = ['b', 'c'].map((digit) => new ScriptedPeer(victim, digit));
    pass(victim, neighbours, STAYED_MS);
    for (const neighbour of neighbours) {
      neighbour.unlink();
      const endpoint = { address: '127.0.0.1', port: neighbour.identity.listenPort };
      victim.handle({ kind: 'dial-failed', endpoint, failure: 'refused' });
      victim.handle({ kind: 'probe-result', endpoint, outcome: { kind: 'peer', id: '1'.repeat(16) } });
    }
    victim.advance(100);
    expect(victim.core.report().membership).toMatchObject({ alive: 0, dead: 0, expectedNodes: 3 });
    expect(victim.core.report().replication).toMatchObject({ quorum: 2, counts: 'nodes' });
  });

  it('takes the place over when it stays, and empties it by its goodbye', () => {
    const { victim } = bereft();
    const stayed = heirs(victim);
    pass(victim, stayed, STAYED_MS);
    expectWhole(victim);
    for (const peer of stayed)
      peer.says({ type: 'view', entries: [claim(peer.identity, { state: 'left' })] });
    pass(victim, stayed, 100);
    expect(victim.core.report().membership).toMatchObject({ expectedNodes: 1, expectedHosts: 1 });
  });
});

describe('a member whose place another took', () => {
  it('counts as before when it returns', () => {
    const { victim, members } = settled();
    heirs(victim);
    expectWhole(victim);
    for (const member of members) member.relink();
    expectWhole(victim);
    members[0].wallOffsetMs = 8000;
    members[1].wallOffsetMs = 8000;
    pass(victim, members, 2000);
    expect(victim.core.report().replication.clockOffsetMs).toBe(8000);
    for (const member of members) member.unlink();
    pass(victim, [], TIMING.visitorForgottenAfterMs + FOUND_DEAD_MS);
    expectWhole(victim);
  });

  it('is expected for a day', () => {
    const { victim } = bereft();
    for (const peer of heirs(victim)) peer.unlink();
    victim.advance(TIMING.deadForgottenAfterMs + FOUND_DEAD_MS);
    expect(victim.core.report().membership).toMatchObject({ expectedNodes: 1, expectedHosts: 1 });
  });
});
