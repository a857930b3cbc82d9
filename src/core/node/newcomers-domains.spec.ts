// What a newcomer changes that says of itself that it is where members are.
import { claim, stranger } from '../../../test/support/core/forged-frames';
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { VICTIM_SETTINGS } from '../../../test/support/core/victim';
import type { NodeIdentity } from '../base/identity';
import { TIMING } from '../base/settings';

const ADDRESSES = ['203.0.113.2', '203.0.113.3', '203.0.113.4'];
const HOSTS = ADDRESSES.map((address, at) => ({ hostId: `host-${at}`, address, addresses: [address] }));
const VISITOR = { hostId: 'host-v', address: '203.0.113.9', addresses: ADDRESSES };
const STAYED_MS = TIMING.stayedMs + 10_000;
const COUNTED_MS = TIMING.probationMs + 1000;
/** Whoever falls silent has been found dead by then. */
const FOUND_DEAD_MS = 20_000;

function pass(victim: LoneCore, peers: readonly ScriptedPeer[], ms: number): void {
  for (let passedMs = 0; passedMs < ms; passedMs += 50) {
    for (const peer of peers) peer.answers();
    victim.advance(50);
  }
}

/** Three members of three other hosts, each with an address, that stayed. */
function settled(): { victim: LoneCore; members: ScriptedPeer[] } {
  const victim = new LoneCore({ replicationFactor: 7 });
  const members = HOSTS.map((host, at) => new ScriptedPeer(victim, 'bcd'[at], host));
  pass(victim, members, STAYED_MS);
  expectHosts(victim, 4);
  return { victim, members };
}

function expectHosts({ core }: LoneCore, hosts: number): void {
  expect(core.report().membership.expectedHosts).toBe(hosts);
  expect(core.report().replication).toMatchObject({ quorum: Math.floor(hosts / 2) + 1, counts: 'hosts' });
}

/** Of a write that everybody holds. */
function hostsThatHold(victim: LoneCore, members: readonly ScriptedPeer[], key: string): unknown {
  victim.put(key, 'v');
  for (const member of members) member.acks(victim.core.report().replication.ownWrites);
  pass(victim, members, VICTIM_SETTINGS.writeTimeoutMs + 100);
  return victim.puts.at(-1);
}

describe('a visitor that says the addresses of members', () => {
  it.each([COUNTED_MS, STAYED_MS])('joins no two of them: there for %i ms, and gone', (stayMs) => {
    const { victim, members } = settled();
    const visitor = new ScriptedPeer(victim, 'e', VISITOR);
    pass(victim, [...members, visitor], stayMs);
    expectHosts(victim, 4);
    visitor.unlink();
    pass(victim, members, FOUND_DEAD_MS);
    expectHosts(victim, 4);
    for (const member of members) member.unlink();
    pass(victim, [], FOUND_DEAD_MS);
    expectHosts(victim, 4);
  });

  it('leaves their copies apart, and adds none of its own', () => {
    const { victim, members } = settled();
    const all = [...members, new ScriptedPeer(victim, 'e', VISITOR)];
    pass(victim, all, COUNTED_MS);
    expect(hostsThatHold(victim, members, 'k')).toMatchObject({ kind: 'held', hosts: 4, expectedHosts: 4 });
    expect(hostsThatHold(victim, all, 'l')).toMatchObject({ kind: 'held', hosts: 4, expectedHosts: 4 });
  });

  it('joins none with the host id of one of them either, nor with that of this node', () => {
    const { victim, members } = settled();
    const hostIds = ['host-0', 'host-1', 'host-a'];
    const visitors = hostIds.map(
      (hostId, at) => new ScriptedPeer(victim, `${7 + at}`, { ...VISITOR, hostId }),
    );
    const others = ADDRESSES.map((address, at) => {
      const hostId = HOSTS[(at + 1) % 3].hostId;
      return new ScriptedPeer(victim, `${at + 1}`, { hostId, address: '203.0.113.9', addresses: [address] });
    });
    pass(victim, [...members, ...visitors, ...others], STAYED_MS);
    expectHosts(victim, 4);
    expect(hostsThatHold(victim, members, 'k')).toMatchObject({ kind: 'held', hosts: 4, expectedHosts: 4 });
    for (const peer of [...visitors, ...others]) peer.unlink();
    pass(victim, members, FOUND_DEAD_MS);
    expectHosts(victim, 4);
  });

  it('joins none by what it tells of others', () => {
    const { victim, members } = settled();
    const visitor = new ScriptedPeer(victim, 'e', { ...VISITOR, addresses: [] });
    pass(victim, [...members, visitor], STAYED_MS);
    const told = members.map(({ identity }) =>
      claim({ ...identity, addresses: ADDRESSES }, { incarnation: 9 }),
    );
    const made = {
      ...visitor.identity,
      id: '1'.repeat(16),
      hostId: 'host-0',
      listenPort: 9,
      addresses: ADDRESSES,
    };
    visitor.says({ type: 'view', entries: [...told, claim(made), claim(made, { state: 'dead' })] });
    pass(victim, [...members, visitor], STAYED_MS);
    expect(victim.core.report().membership.expectedHosts).toBeGreaterThanOrEqual(5);
    expect(hostsThatHold(victim, members, 'k')).toMatchObject({ kind: 'held', hosts: 4 });
  });
});

describe('two hosts of one machine', () => {
  const machine = (hostId: string): typeof VISITOR => ({ ...HOSTS[0], hostId });

  it('are one, with or without a visitor that says something else in the name of one', () => {
    const { victim, members } = settled();
    const twin = new ScriptedPeer(victim, 'e', machine('host-t'));
    pass(victim, [...members, twin], STAYED_MS);
    expectHosts(victim, 4);
    const visitor = new ScriptedPeer(victim, 'f', {
      ...VISITOR,
      hostId: 'host-t',
      addresses: ['203.0.113.8'],
    });
    pass(victim, [...members, twin, visitor], COUNTED_MS);
    const { hosts } = hostsThatHold(victim, [members[0], twin], 'k') as { hosts: number };
    expect(hosts).toBe(2);
  });
});

describe('a dead member that this node never met', () => {
  const [HOST_B, , HOST_D] = HOSTS;
  /** Where it was in truth, and what a visitor says. */
  const DEAD = { ...stranger('d'), hostId: HOST_D.hostId, addresses: HOST_D.addresses };
  const elsewhere = { ...DEAD, addresses: ['203.0.113.8'], hostId: 'nowhere' };
  const lies: [string, NodeIdentity][] = [
    ['at the address of a member', { ...DEAD, addresses: HOST_B.addresses }],
    ['on the host of a member', { ...DEAD, hostId: HOST_B.hostId }],
    ['on the host of this node', { ...DEAD, hostId: 'host-a', addresses: [] }],
    ['elsewhere', elsewhere],
  ];
  const tells = (peer: ScriptedPeer, identity: NodeIdentity): void => {
    peer.says({ type: 'view', entries: [claim(identity, { state: 'dead', by: peer.id })] });
  };
  const hostsOf = ({ core }: LoneCore): number => core.report().membership.expectedHosts;

  it.each(lies)('is where a member says, though a visitor told first that it was %s', (_, lie) => {
    const victim = new LoneCore({ replicationFactor: 7 });
    const visitor = new ScriptedPeer(victim, 'e', { ...VISITOR, addresses: [] });
    const member = new ScriptedPeer(victim, 'b', HOST_B);
    tells(visitor, lie);
    tells(member, DEAD);
    pass(victim, [member, visitor], COUNTED_MS);
    expect(hostsOf(victim)).toBeGreaterThanOrEqual(4);
    visitor.unlink();
    pass(victim, [member], TIMING.visitorForgottenAfterMs + FOUND_DEAD_MS);
    expect(hostsOf(victim)).toBe(3);
    expect(domainOf(victim)).toBe(HOST_D.address);
  });

  it.each(lies)('counts no less when one that stayed told first that it was %s', (_, lie) => {
    const victim = new LoneCore({ replicationFactor: 7 });
    const liar = new ScriptedPeer(victim, 'e', { ...VISITOR, addresses: [] });
    tells(liar, lie);
    pass(victim, [liar], STAYED_MS);
    const member = new ScriptedPeer(victim, 'b', HOST_B);
    tells(member, DEAD);
    pass(victim, [member, liar], STAYED_MS);
    expect(hostsOf(victim)).toBeGreaterThanOrEqual(4);
    liar.unlink();
    pass(victim, [member], FOUND_DEAD_MS);
    expect(hostsOf(victim)).toBeGreaterThanOrEqual(4);
  });

  it.each(['dead', 'alive'] as const)(
    'is in its place, though a visitor told of another that was %s there',
    (state) => {
      const victim = new LoneCore({ replicationFactor: 7 });
      const visitor = new ScriptedPeer(victim, 'e', { ...VISITOR, addresses: [] });
      const member = new ScriptedPeer(victim, 'b', HOST_B);
      const other = { ...DEAD, id: '1'.repeat(16), addresses: HOST_B.addresses };
      visitor.says({ type: 'view', entries: [claim(other, { state, by: visitor.id })] });
      tells(member, DEAD);
      pass(victim, [member, visitor], COUNTED_MS);
      visitor.unlink();
      pass(victim, [member], TIMING.visitorForgottenAfterMs + FOUND_DEAD_MS);
      expect(domainOf(victim)).toBe(HOST_D.address);
      expect(hostsOf(victim)).toBe(3);
    },
  );

  it('is where it says itself once it is linked', () => {
    const victim = new LoneCore({ replicationFactor: 7 });
    const member = new ScriptedPeer(victim, 'b', HOST_B);
    tells(member, elsewhere);
    pass(victim, [member], STAYED_MS);
    expect(hostsOf(victim)).toBe(3);
    const back = new ScriptedPeer(victim, 'd', HOST_D);
    pass(victim, [member, back], COUNTED_MS);
    expect(domainOf(victim)).toBe(HOST_D.address);
    expect(hostsOf(victim)).toBe(3);
  });

  function domainOf(victim: LoneCore): string | undefined {
    const members = victim.core.members({ monoMs: victim.monoMs, wallMs: victim.wallMs });
    return members.find(({ id }) => id === DEAD.id)?.failureDomain;
  }
});
