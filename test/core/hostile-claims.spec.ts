// Lies of a greeted peer about others: departures, deaths, addresses and acks. A peer is trusted
// with the data, so a lie may hurt for a moment; it must heal by itself, lose nothing, and lead no
// node where policy forbids.
import { INCARNATION_MAX } from '../../src/core/base/bounds';
import type { ViewEntry } from '../../src/core/wire/messages';
import type { LinkId } from '../../src/core/base/inputs';
import { LoneCore } from '../support/core/lone-core';
import { VICTIM } from '../support/core/victim';
import { ackFrame, claim, controlFrame, stranger, viewFrame } from '../support/core/forged-frames';

const HONEST = stranger('1');
const LIAR = stranger('2');
const FAR = { hostId: 'host-b', listenPort: 8081, advertisedPort: 38_081 };

function memberStates(raw: LoneCore): Record<string, string> {
  const members = raw.core.members({ monoMs: raw.monoMs, wallMs: raw.wallMs });
  return Object.fromEntries(members.map(({ id, state }) => [id, state]));
}

/** What the victim says of itself and others on a link. */
function toldOn(raw: LoneCore, link: LinkId): ViewEntry[] {
  return raw.said(link).flatMap((message) => (message.type === 'view' ? message.entries : []));
}

/** Longer than newcomers are on probation: from then on they count. */
const PROBATION_OVER_MS = 3500;

/** Lets time pass in which these peers are heard from, so that nobody takes them for dead. */
function advanceWith(raw: LoneCore, links: LinkId | readonly LinkId[], ms: number): void {
  for (let passedMs = 0; passedMs < ms; passedMs += 100) {
    for (const link of [links].flat()) raw.frame(link, ackFrame());
    raw.advance(100);
  }
}

/**
 * What an honest node does when it is accused: it says that it lives, with the next incarnation.
 */
function refute(raw: LoneCore, link: LinkId): void {
  const accusations = toldOn(raw, link).filter(
    ({ identity, state }) => identity.id === HONEST.id && state !== 'alive',
  );
  const worst = Math.max(-1, ...accusations.map(({ incarnation }) => incarnation));
  raw.frame(link, viewFrame(claim(HONEST, { incarnation: Math.min(INCARNATION_MAX, worst + 1) })));
}

describe('a forged claim that another member has', () => {
  it.each(
    (['left', 'dead', 'suspect'] as const).flatMap((state) =>
      [0, 5, 2 ** 32, INCARNATION_MAX].map((incarnation) => ({ state, incarnation })),
    ),
  )('$state with incarnation $incarnation does not outlast its next word', ({ state, incarnation }) => {
    const raw = new LoneCore();
    raw.put('treasure', 'gold');
    const [link, liar] = [raw.linked(HONEST), raw.linked(LIAR)];
    advanceWith(raw, [link, liar], PROBATION_OVER_MS);
    raw.advance(400);
    raw.frame(liar, viewFrame(claim(HONEST, { state, incarnation, by: LIAR.id })));
    const now = raw.isOpen(link) ? link : raw.linked(HONEST);
    refute(raw, now);
    expect(memberStates(raw)[HONEST.id]).toBe('alive');
    expect(raw.read('treasure')).toBe('gold');
    expect(raw.core.report().membership.expectedNodes).toBe(3);
  });

  it('left is told to whoever is heard from, and changes nothing', () => {
    const raw = new LoneCore();
    const [link, liar] = [raw.linked(HONEST), raw.linked(LIAR)];
    raw.frame(link, controlFrame({ type: 'leavesRequest' }));
    raw.frame(liar, viewFrame(claim(HONEST, { state: 'left', by: LIAR.id })));
    expect(memberStates(raw)[HONEST.id]).toBe('alive');
    expect(raw.isOpen(link)).toBe(true);
    expect(toldOn(raw, link)).toContainEqual(expect.objectContaining({ state: 'left', by: LIAR.id }));
  });
});

describe('a member that was taken for dead', () => {
  /** It says nothing, and others tell of no one. */
  function dies(raw: LoneCore, link: LinkId): void {
    raw.handle({ kind: 'link-down', linkId: link });
    for (let passedMs = 0; passedMs < 9000 && memberStates(raw)[HONEST.id] !== 'dead'; passedMs += 100)
      raw.advance(100);
    expect(memberStates(raw)[HONEST.id]).toBe('dead');
  }

  it('comes back though somebody told of it with the highest incarnation there is', () => {
    const raw = new LoneCore();
    const [link, liar] = [raw.linked(HONEST), raw.linked(LIAR)];
    advanceWith(raw, [link, liar], PROBATION_OVER_MS);
    raw.frame(liar, viewFrame(claim(HONEST, { incarnation: INCARNATION_MAX })));
    raw.handle({ kind: 'link-down', linkId: liar });
    dies(raw, link);
    const next = raw.linked(HONEST);
    refute(raw, next);
    expect(memberStates(raw)[HONEST.id]).toBe('alive');
  });

  it('is told so when it comes back, also where it never counted', () => {
    const raw = new LoneCore();
    const link = raw.linked(HONEST);
    advanceWith(raw, link, 500);
    dies(raw, link);
    const next = raw.linked(HONEST);
    refute(raw, next);
    expect(memberStates(raw)[HONEST.id]).toBe('alive');
  });

  it('or said goodbye, and stays linked all the same, loses its link when it is forgotten', () => {
    const raw = new LoneCore();
    const liar = raw.linked(LIAR);
    raw.frame(liar, viewFrame(claim(LIAR, { state: 'left' })));
    expect(raw.isOpen(liar)).toBe(true);
    advanceWith(raw, liar, 70_000);
    expect(memberStates(raw)).toEqual({});
    expect(raw.isOpen(liar)).toBe(false);
  });
});

describe('a forged claim about the node itself', () => {
  it('with the highest incarnation is answered with the same', () => {
    const raw = new LoneCore();
    const liar = raw.linked(LIAR);
    raw.frame(liar, viewFrame(claim(VICTIM, { state: 'dead', incarnation: INCARNATION_MAX })));
    raw.advance(50);
    const own = toldOn(raw, liar).filter(({ identity }) => identity.id === VICTIM.id);
    expect(own.at(-1)).toMatchObject({ state: 'alive', incarnation: INCARNATION_MAX });
  });

  it.each(['left', 'dead', 'suspect'] as const)(
    'that it is %s is refuted at once, and nothing drains',
    (state) => {
      const raw = new LoneCore();
      const liar = raw.linked(LIAR);
      advanceWith(raw, liar, PROBATION_OVER_MS);
      raw.frame(liar, viewFrame(claim(VICTIM, { state, incarnation: 3, by: LIAR.id })));
      raw.advance(50);
      expect(raw.core.state()).toBe('ready');
      const own = toldOn(raw, liar).filter(({ identity }) => identity.id === VICTIM.id);
      expect(own.at(-1)).toMatchObject({ state: 'alive', incarnation: 4 });
      raw.put('k', 'v');
      raw.advance(2100);
      expect(raw.puts).toEqual([expect.objectContaining({ kind: 'stored', acks: 1 })]);
    },
  );
});

describe('forged acks', () => {
  it('of writes to come, repeated, or for others count for nothing', () => {
    const raw = new LoneCore({ expectedNodesMin: 5, replicationFactor: 5 });
    const [liar] = [raw.linked(LIAR), raw.linked(HONEST)];
    const acks = Array.from({ length: 1000 }, (_, seq) => ({ seq, status: 'held' as const }));
    raw.frame(liar, ackFrame(...acks));
    expect(raw.put('k', 'v')).toBeUndefined();
    for (let times = 0; times < 3; times += 1) raw.frame(liar, ackFrame({ seq: 1, status: 'held' }));
    expect(raw.puts).toHaveLength(0);
    raw.advance(2100);
    expect(raw.puts).toEqual([expect.objectContaining({ kind: 'stored', acks: 2, expected: 5 })]);
    expect(raw.read('k')).toBe('v');
  });
});

describe('addresses that a peer tells', () => {
  const victimHere = { hostId: VICTIM.hostId, listenPort: VICTIM.listenPort };
  const loopback = ['127.0.0.1', '127.9.9.9', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::ffff:7f00:1'];
  const names = ['localhost', 'x.localhost.', '0.0.0.0', '::', '::ffff:0.0.0.0'];

  it.each([...loopback, ...names])('never lead a member of another host to %s', (address) => {
    const raw = new LoneCore();
    const liar = raw.linked(LIAR);
    raw.frame(liar, viewFrame(claim(stranger('3', { ...FAR, addresses: [address] }), { address })));
    raw.linked(stranger('4', { ...FAR, addresses: [address], listenPort: 8083 }), address);
    advanceWith(raw, liar, 20_000);
    expect(raw.dialled).toEqual([]);
  });

  it('never lead the node to itself', () => {
    const raw = new LoneCore();
    const liar = raw.linked(LIAR);
    raw.frame(liar, viewFrame(claim(stranger('3', victimHere))));
    raw.linked(stranger('4', victimHere));
    advanceWith(raw, liar, 20_000);
    const own = { address: '127.0.0.1', port: VICTIM.listenPort };
    expect(raw.dialled).not.toContainEqual(own);
    raw.handle({ kind: 'candidates', source: 'port-range', endpoints: [own] });
    advanceWith(raw, liar, 20_000);
    expect(raw.probed).not.toContainEqual(own);
  });

  it('of members that do not exist are tried a few times and kept within bounds', () => {
    const raw = new LoneCore();
    const liar = raw.linked(LIAR);
    const made = Array.from({ length: 4000 }, (_, at) =>
      claim(
        { ...stranger('3', FAR), id: (at + 1).toString(16).padStart(16, '0'), listenPort: 10_000 + at },
        { address: '192.0.2.1' },
      ),
    );
    for (let at = 0; at < made.length; at += 500) raw.frame(liar, viewFrame(...made.slice(at, at + 500)));
    advanceWith(raw, liar, 1000);
    expect(raw.core.members({ monoMs: raw.monoMs, wallMs: raw.wallMs }).length).toBeLessThanOrEqual(256);
    expect(raw.dialled.length).toBeLessThanOrEqual(1024);
  });

  it('of another cluster are not taken in', () => {
    const raw = new LoneCore();
    const liar = raw.linked(LIAR);
    raw.frame(liar, viewFrame(claim(stranger('3', { cluster: 'another' }))));
    advanceWith(raw, liar, 5000);
    expect(Object.keys(memberStates(raw))).toEqual([LIAR.id]);
    expect(raw.dialled).toEqual([]);
  });
});

describe('claims of a visitor that was linked for a moment', () => {
  const CLAIMS = 200;
  const claims = (): ViewEntry[] =>
    Array.from({ length: CLAIMS }, (_, at) => {
      const place = { hostId: `host-${at}`, addresses: [`10.1.${at >> 6}.${at & 63}`] };
      const identity = stranger('3', { ...place, id: (at + 1).toString(16).padStart(16, '0') });
      return claim(identity, { address: place.addresses[0], by: LIAR.id, direct: true });
    });

  /** Time in which a handful is probed, found dead and forgotten. */
  const WITHIN_MS = 25_000;

  it.each([100, 2000])('are forgotten seconds after its end, when it stayed for %i ms', (stayedMs) => {
    const raw = new LoneCore();
    const honest = raw.linked(HONEST);
    advanceWith(raw, honest, PROBATION_OVER_MS);
    const liar = raw.linked(LIAR);
    raw.frame(liar, viewFrame(...claims()));
    advanceWith(raw, [honest, liar], stayedMs);
    expect(Object.keys(memberStates(raw)).length).toBeGreaterThan(CLAIMS / 2);
    raw.handle({ kind: 'link-down', linkId: liar });
    raw.handle({
      kind: 'dial-failed',
      endpoint: { address: '127.0.0.1', port: LIAR.listenPort },
      failure: 'refused',
    });
    advanceWith(raw, honest, WITHIN_MS);
    expect(Object.keys(memberStates(raw))).toEqual([HONEST.id]);
    expect(raw.core.report().membership).toMatchObject({ expectedNodes: 2, expectedHosts: 1 });
  });
});
