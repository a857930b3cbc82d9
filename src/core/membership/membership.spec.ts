import { ORIGIN_A } from '../../../test/support/core/records';
import type { Link } from '../links/link';
import { TIMING } from '../base/settings';
import type { ViewEntry } from '../wire/messages';
import type { NodeIdentity } from '../base/identity';
import type { Member } from '../peer/member';
import { Membership } from './membership';
import { RoundTrip } from '../peer/round-trip';
import { suspicionMs } from '../peer/suspicion';

const X = '1111111111111111';
const Y = '2222222222222222';
const TELLER = '3333333333333333';

function identity(id: string, listenPort = 8082): NodeIdentity {
  return { id, name: id, cluster: 'c', hostId: 'h', listenPort, advertisedPort: listenPort, addresses: [] };
}

function claim(
  id: string,
  state: ViewEntry['state'],
  incarnation = 0,
  rest: Partial<ViewEntry> = {},
): ViewEntry {
  return {
    identity: identity(id),
    state,
    incarnation,
    by: TELLER,
    direct: true,
    address: '',
    sinceMs: 0,
    ...rest,
  };
}

function setUp(): { membership: Membership; log: string[]; memberOf: (id: string) => Member } {
  const log: string[] = [];
  const membership = new Membership(identity(ORIGIN_A, 8081), {
    notify: ({ kind }) => log.push(kind),
    gone: (member, reason) => log.push(`gone ${member.id[0]} ${reason}`),
    heardOf: ({ id }) => log.push(`heard of ${id[0]}`),
    accused: (member) => log.push(`accused ${member.id[0]}`),
    selfAccused: () => log.push('self accused'),
    refuted: () => undefined,
  });
  const memberOf = (id: string): Member => membership.get(id) as Member;
  return { membership, log, memberOf };
}

describe('membership', () => {
  it('learns from every teller where a member of another host can be reached', () => {
    const { membership, log, memberOf } = setUp();
    const far = (id: string): NodeIdentity => ({ ...identity(id), hostId: 'far' });
    membership.proven(far(Y), '10.0.0.9', 0);
    const unplaced = { identity: { ...far(X), listenPort: 8083 }, address: '127.0.0.1' };
    membership.apply(claim(X, 'alive', 0, unplaced), TELLER, 0);
    expect(memberOf(X).address).toBe('127.0.0.1');
    membership.apply(claim(X, 'alive', 0, { ...unplaced, address: '10.0.0.7' }), TELLER, 0);
    expect(memberOf(X).address).toBe('10.0.0.7');
    membership.apply(claim(X, 'alive', 0, unplaced), Y, 0);
    expect(memberOf(X).address).toBe('10.0.0.9');
    expect(log).toEqual(['heard of 1', 'heard of 1', 'heard of 1']);
  });

  it('believes a claim by its incarnation, and the worse state at the same incarnation', () => {
    const { membership, memberOf } = setUp();
    membership.proven(identity(X), '127.0.0.1', 0);
    const history: [ViewEntry, string][] = [
      [claim(X, 'suspect', 0), 'suspect'],
      [claim(X, 'alive', 0), 'suspect'],
      [claim(X, 'alive', 1), 'alive'],
      [claim(X, 'suspect', 0), 'alive'],
      [claim(X, 'dead', 1), 'dead'],
      [claim(X, 'suspect', 1), 'dead'],
      [claim(X, 'alive', 1), 'dead'],
      [claim(X, 'alive', 2), 'alive'],
    ];
    for (const [entry, expected] of history) {
      membership.apply(entry, TELLER, 0);
      expect(memberOf(X).state).toBe(expected);
    }
  });

  it('refutes by raising its own incarnation when it is called suspect or dead', () => {
    const { membership, log } = setUp();
    membership.apply(claim(ORIGIN_A, 'suspect', 4), TELLER, 0);
    expect(membership.own.incarnation).toBe(5);
    expect(log).toEqual(['self accused']);
    expect(membership.tidings.takeRumors(0)).toMatchObject([
      { identity: { id: ORIGIN_A }, state: 'alive', incarnation: 5 },
    ]);
  });

  it('asks a member it hears from to refute instead of believing hearsay', () => {
    const { membership, log, memberOf } = setUp();
    membership.proven(identity(X), '127.0.0.1', 0);
    memberOf(X).link = {} as Link;
    memberOf(X).lastSeenMs = 1000;
    membership.apply(claim(X, 'dead'), TELLER, 1100);
    expect(memberOf(X).state).toBe('alive');
    expect(log).toEqual(['accused 1']);
    membership.apply(claim(X, 'dead'), TELLER, 1000 + TIMING.probeIntervalLocalMs + 1);
    expect(memberOf(X).state).toBe('dead');
  });

  it('replaces a member when its address answers as another id, for good', () => {
    const { membership, log } = setUp();
    membership.proven(identity(X), '127.0.0.1', 0);
    membership.proven(identity(Y), '127.0.0.1', 10);
    expect(membership.get(X)).toBeUndefined();
    expect(log).toEqual(['member-replaced', 'gone 1 replaced']);
    membership.apply(claim(X, 'alive', 9), TELLER, 20);
    expect(membership.get(X)).toBeUndefined();
  });

  it('adds a stranger only when the teller has a link to it, and only once per address', () => {
    const { membership, log } = setUp();
    membership.apply(claim(X, 'alive', 0, { direct: false }), TELLER, 0);
    membership.apply(claim(X, 'left'), TELLER, 0);
    expect(membership.get(X)).toBeUndefined();
    membership.apply(claim(X, 'alive'), TELLER, 0);
    membership.apply(claim(Y, 'alive'), TELLER, 0);
    expect([membership.get(X) !== undefined, membership.get(Y)]).toEqual([true, undefined]);
    expect(log).toEqual(['heard of 1', 'heard of 2']);
  });

  it('ignores members of another cluster', () => {
    const { membership } = setUp();
    membership.apply(claim(X, 'alive', 0, { identity: { ...identity(X), cluster: 'other' } }), TELLER, 0);
    expect(membership.activeCount()).toBe(0);
  });

  it('declares a suspect dead when its time is up, sooner the more others confirm', () => {
    const { membership, log, memberOf } = setUp();
    for (const [i, id] of [X, Y, TELLER, '4444444444444444', '5555555555555555'].entries()) {
      membership.proven(identity(id, 8082 + i), '127.0.0.1', 0);
    }
    membership.suspect(memberOf(X), ORIGIN_A, 0, 0);
    const aloneMs = membership.nextDeadlineMs();
    membership.apply(claim(X, 'suspect', 0, { by: Y }), TELLER, 0);
    membership.apply(claim(X, 'suspect', 0, { by: Y }), TELLER, 0);
    const confirmedMs = membership.nextDeadlineMs();
    expect(confirmedMs).toBeLessThan(aloneMs);
    membership.tick(confirmedMs - 1);
    expect(memberOf(X).state).toBe('suspect');
    membership.tick(confirmedMs);
    expect(memberOf(X).state).toBe('dead');
    expect(log).toContain('gone 1 dead');
  });

  it('gives suspects the time back that this node itself was paused', () => {
    const { membership, memberOf } = setUp();
    membership.proven(identity(X), '127.0.0.1', 0);
    membership.suspect(memberOf(X), ORIGIN_A, 0, 0);
    membership.postponeSuspicions(40_000);
    membership.tick(40_000);
    expect(memberOf(X).state).toBe('suspect');
  });

  it('passes on who raised a suspicion, so that relaying never counts as confirming', () => {
    const { membership } = setUp();
    membership.proven(identity(X), '127.0.0.1', 0);
    membership.apply(claim(X, 'suspect', 0, { by: Y }), TELLER, 0);
    expect(membership.tidings.takeRumors(0)).toMatchObject([{ state: 'suspect', by: Y }]);
  });

  it('has equal view hashes exactly on nodes that see the same members alike', () => {
    const [one, other] = [setUp().membership, setUp().membership];
    one.proven(identity(X), '127.0.0.1', 0);
    expect(one.tidings.hash()).not.toBe(other.tidings.hash());
    other.proven(identity(X), '10.0.0.1', 99);
    expect(one.tidings.hash()).toBe(other.tidings.hash());
    one.setDead(one.get(X) as Member, 0, 'test', 0);
    expect(one.tidings.hash()).not.toBe(other.tidings.hash());
  });

  it('learns of those that died before it came, counts and dials them, and forgets them when the others do', () => {
    const { membership, log, memberOf } = setUp();
    const deadForMs = TIMING.deadForgottenAfterMs - 1000;
    membership.proven(identity(TELLER, 9000), '127.0.0.1', 0);
    Object.assign(memberOf(TELLER), { livedMs: TIMING.probationMs, lastSeenMs: 50_000 });
    membership.tidings.takeRumors(0);
    membership.apply(claim(X, 'dead', 3, { direct: true, sinceMs: deadForMs }), TELLER, 50_000);
    expect(memberOf(X)).toMatchObject({ state: 'dead', incarnation: 3 });
    expect(log).toEqual(['heard of 1']);
    expect(membership.tidings.hasRumors).toBe(false);
    membership.tick(50_999);
    expect(membership.get(X)).toBeDefined();
    membership.tick(51_000);
    expect(membership.get(X)).toBeUndefined();
    membership.apply(claim(X, 'dead', 3, { direct: true, sinceMs: deadForMs }), TELLER, 51_000);
    expect(membership.get(X)).toBeUndefined();
  });

  it('does not bring back the dead whose place is taken, be it by itself', () => {
    const { membership } = setUp();
    membership.proven(identity(Y, 8082), '127.0.0.1', 0);
    membership.apply(claim(X, 'dead'), TELLER, 0);
    membership.apply({ ...claim(X, 'dead'), identity: identity(X, 8081) }, TELLER, 0);
    expect(membership.get(X)).toBeUndefined();
  });

  it('forgets the departed soon and the dead after a day', () => {
    const { membership, memberOf } = setUp();
    membership.proven(identity(X, 8082), '127.0.0.1', 0);
    membership.proven(identity(Y, 8083), '127.0.0.1', 0);
    for (const id of [X, Y]) memberOf(id).livedMs = TIMING.stayedMs;
    membership.tick(0);
    membership.setLeft(memberOf(X), 0, 0);
    membership.setDead(memberOf(Y), 0, 'test', 0);
    membership.tick(TIMING.leftShownMs);
    expect([membership.get(X), membership.get(Y)?.state]).toEqual([undefined, 'dead']);
    membership.tick(TIMING.deadForgottenAfterMs);
    expect(membership.get(Y)).toBeUndefined();
  });
});

describe('suspicion', () => {
  it.each([
    [0, 3, 2250],
    [1, 3, 1500],
    [3, 3, 750],
    [9, 3, 750],
    [0, 0, 750],
  ])('after %i of %i confirmations lasts %i ms', (confirmations, k, expected) => {
    expect(suspicionMs(confirmations, k, 750, 2250)).toBeCloseTo(expected, 0);
  });
});

describe('the round trip', () => {
  it('sets a probe timeout of at least 100 ms that follows slow peers', () => {
    const fast = new RoundTrip();
    expect(fast.probeTimeoutMs()).toBe(100);
    for (let i = 0; i < 50; i += 1) fast.add(0.2, i);
    expect(fast.probeTimeoutMs()).toBe(100);
    const slow = new RoundTrip();
    for (let i = 0; i < 50; i += 1) slow.add(i % 2 === 0 ? 300 : 400, i * 400);
    expect(slow.probeTimeoutMs()).toBeGreaterThan(400);
    expect(slow.minMs).toBe(300);
  });

  it('takes no passage from samples of one time in which the peer stood still', () => {
    const roundTrip = new RoundTrip();
    for (const sampleMs of [2500, 1800, 900, 340]) roundTrip.add(sampleMs, 3000);
    expect(roundTrip.fastestPassageMs).toBe(0);
    for (let i = 1; i <= 3; i += 1) roundTrip.add(12, 3000 + 20 * i);
    expect(roundTrip.fastestPassageMs).toBe(6);
  });
});
