// A machine whose clock was set while its processes come and go, and a node that does not know what
// time it is.
import { TIMING } from '../base/settings';
import { VICTIM, VICTIM_SETTINGS } from '../../../test/support/core/victim';
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import { HLC_TICKS_PER_MS, stampedAtMs } from '../base/version';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Acked = [seq: number, status: string];

function acksOf(peer: ScriptedPeer): Acked[] {
  return peer.hears('acks').flatMap(({ acks }) => acks.map(({ seq, status }): Acked => [seq, status]));
}

const elsewhere = { hostId: 'elsewhere', address: '10.0.0.9' };
/** The clock showed this before it was set back. */
const lineAhead = (node: LoneCore): { wallMs: number; keptForMs: number } => ({
  wallMs: node.wallMs + HOUR_MS,
  keptForMs: HOUR_MS,
});
const stamp = (node: LoneCore, offsetMs: number): number => (node.wallMs + offsetMs) * HLC_TICKS_PER_MS;

describe('a process that starts after the clock of its machine was set', () => {
  it('takes what was stamped before the clock was set back, as its neighbours know what it showed', () => {
    const started = new LoneCore();
    const neighbour = new ScriptedPeer(started, 'a');
    neighbour.tells({ lines: [lineAhead(started)] });
    neighbour.writes(1, 'k', { hlc: stamp(started, HOUR_MS) });
    expect(acksOf(neighbour)).toEqual([[1, 'held']]);
    expect(started.read('k')).not.toBeNull();
  });

  it('does not end what was stamped long before the clock was set forward', () => {
    const started = new LoneCore();
    const neighbour = new ScriptedPeer(started, 'a');
    const keptForMs = HOUR_MS;
    neighbour.tells({ lines: [{ wallMs: started.wallMs - 30 * DAY_MS, keptForMs }] });
    neighbour.writes(1, 'k', { hlc: stamp(started, -30 * DAY_MS) });
    expect(started.read('k')).not.toBeNull();
  });

  it('tells its own neighbours which times the clock has shown', () => {
    const first = new LoneCore();
    first.wallMs -= HOUR_MS;
    first.advance(1);
    const neighbour = new ScriptedPeer(first, 'a');
    const [{ status }] = neighbour.hears('ping');
    expect(status.lines.map(({ wallMs }) => Math.round(wallMs - first.wallMs))).toEqual([HOUR_MS]);
    expect(status.lines[0].keptForMs).toBeGreaterThan(0);
  });

  it('passes on what it was told, for as long as it counts', () => {
    const started = new LoneCore();
    new ScriptedPeer(started, 'a').tells({ lines: [lineAhead(started)] });
    const [{ status }] = new ScriptedPeer(started, 'b').hears('ping');
    expect(status.lines.map(({ wallMs }) => wallMs - started.wallMs)).toEqual([HOUR_MS]);
    started.advance(HOUR_MS);
    const [{ status: later }] = new ScriptedPeer(started, 'c').hears('ping');
    expect(later.lines).toEqual([]);
  });

  it('believes nobody about the time since it started: it watched the clock itself', () => {
    const node = new LoneCore();
    node.advance(2 * HOUR_MS);
    const liar = new ScriptedPeer(node, 'a');
    liar.tells({ lines: [{ wallMs: node.wallMs + HOUR_MS, keptForMs: DAY_MS - HOUR_MS }] });
    liar.writes(1, 'k', { hlc: stamp(node, HOUR_MS) });
    expect(acksOf(liar)).toEqual([[1, 'refused']]);
  });

  it('believes nobody who tells of the time before it started when it has run for more than a minute', () => {
    const node = new LoneCore();
    node.advance(MINUTE_MS + 1);
    const liar = new ScriptedPeer(node, 'a');
    liar.tells({ lines: [lineAhead(node)] });
    liar.writes(1, 'k', { hlc: stamp(node, HOUR_MS) });
    expect(acksOf(liar)).toEqual([[1, 'refused']]);
  });

  it('believes nobody that the clock was more than a day ahead', () => {
    const started = new LoneCore();
    const liar = new ScriptedPeer(started, 'a');
    liar.tells({ lines: [{ wallMs: 2 ** 42, keptForMs: HOUR_MS }] });
    liar.writes(1, 'k', { hlc: 2 ** 52 });
    expect(acksOf(liar)).toEqual([[1, 'refused']]);
    expect(started.put('k', 'v', 'one')).toMatchObject({ kind: 'held' });
  });

  it.each([HOUR_MS, -30 * DAY_MS])('stamps by no time that it was told (%i ms off)', (byMs) => {
    const started = new LoneCore();
    const neighbour = new ScriptedPeer(started, 'a');
    neighbour.tells({ lines: [{ wallMs: started.wallMs + byMs, keptForMs: HOUR_MS }] });
    const machine = new ScriptedPeer(started, 'b', elsewhere);
    machine.wallOffsetMs = byMs;
    for (let passedMs = 0; passedMs < 5000; passedMs += 20) {
      machine.answers();
      neighbour.answers();
      started.advance(20);
    }
    const outcome = started.put('k', 'v', 'one');
    const aheadMs = outcome?.kind === 'held' ? stampedAtMs(outcome.version) - started.wallMs : NaN;
    expect(Math.abs(aheadMs)).toBeLessThanOrEqual(VICTIM_SETTINGS.clockOffsetMaxMs);
  });

  it('lets no crowd of made-up times push out a true one', () => {
    const started = new LoneCore();
    const neighbour = new ScriptedPeer(started, 'a');
    neighbour.tells({ lines: [lineAhead(started)] });
    const liar = new ScriptedPeer(started, 'b');
    for (let days = 1; days <= 8; days += 1)
      liar.tells({ lines: [{ wallMs: started.wallMs - days * DAY_MS, keptForMs: DAY_MS - 1 }] });
    neighbour.writes(1, 'k', { hlc: stamp(started, HOUR_MS) });
    expect(acksOf(neighbour)).toEqual([[1, 'held']]);
  });

  it('learns of no time from other machines', () => {
    const started = new LoneCore();
    const stranger = new ScriptedPeer(started, 'a', elsewhere);
    stranger.tells({ lines: [lineAhead(started)] });
    stranger.writes(1, 'k', { hlc: stamp(started, HOUR_MS) });
    expect(acksOf(stranger)).toEqual([[1, 'refused']]);
  });
});

describe('a write whose origin is an hour behind', () => {
  const holding = (): { node: LoneCore; late: ScriptedPeer } => {
    const node = new LoneCore();
    node.put('k', 'newest');
    return { node, late: new ScriptedPeer(node, 'a', elsewhere) };
  };

  it('does not count as held where something newer is', () => {
    const { node, late } = holding();
    late.writes(1, 'k', { hlc: stamp(node, -HOUR_MS) });
    expect(acksOf(late)).toEqual([[1, 'refused']]);
    expect(node.read('k')).toBe('newest');
  });

  it('counts where nothing newer is, and where it was under way for as long', () => {
    const { node, late } = holding();
    late.writes(1, 'other', { hlc: stamp(node, -HOUR_MS) });
    late.writes(2, 'k', { hlc: stamp(node, -HOUR_MS), ageMs: HOUR_MS, ttlMs: 2 * HOUR_MS });
    expect(acksOf(late)).toEqual([
      [1, 'held'],
      [2, 'held'],
    ]);
  });
});

describe('a node that is an hour behind', () => {
  it('is not ready while all who could fill it give what it may not take', () => {
    const behind = new LoneCore({}, 0);
    const donor = new ScriptedPeer(behind, 'a', elsewhere);
    donor.tells({ root: { a: 5, b: 5 } });
    for (let round = 0; round < 3; round += 1) {
      behind.advance(round === 0 ? TIMING.measureMaxMs + 60 : 0);
      const [{ session }] = donor.hears('syncRequest');
      donor.sends(session, { seq: 1, key: 'k', hlc: stamp(behind, HOUR_MS) });
      donor.says({ type: 'syncEnd', session, through: 0 });
      expect(behind.core.report().state).toBe('syncing');
      behind.advance(2 ** round * TIMING.refusedRetryMs + 100);
    }
  });

  it('says that it does not know, and never that there is nothing, where others hold a version', () => {
    const behind = new LoneCore();
    const peer = new ScriptedPeer(behind, 'a', elsewhere);
    peer.tells({ root: behind.core.root() });
    peer.writes(1, 'other', { hlc: stamp(behind, HOUR_MS) });
    behind.handle({
      kind: 'fetch',
      requestId: 1,
      key: Buffer.from('k'),
      minVersion: null,
      isConfirmation: false,
    });
    behind.advance(1);
    const [{ requestId }] = peer.hears('fetch');
    peer.replies(requestId, { seq: 2, key: 'k', hlc: stamp(behind, HOUR_MS) });
    behind.advance(3000);
    expect(behind.fetches).toEqual([{ kind: 'unknown' }]);
  });
});

describe('a node that was an hour ahead when it stamped', () => {
  const STORED = 'stored an hour ahead';
  /** After that long an acknowledgement that is under way has come. */
  const LATE_ACKS_MS = 3 * VICTIM_SETTINGS.writeTimeoutMs;
  /** It wrote what all peers refused; its clock is right from then on. */
  const corrected = (isLinked: boolean): { node: LoneCore; peer: ScriptedPeer } => {
    const node = new LoneCore();
    const peer = new ScriptedPeer(node, 'a', elsewhere);
    peer.wallOffsetMs = -HOUR_MS;
    peer.tells({ root: node.core.root() });
    if (!isLinked) peer.unlink();
    node.put('k', STORED);
    if (isLinked) peer.acksWith('refused', 1);
    else peer.relink();
    peer.differs(2000);
    node.wallMs -= HOUR_MS;
    peer.wallOffsetMs = 0;
    peer.differs(LATE_ACKS_MS);
    return { node, peer };
  };
  const versionOf = (node: LoneCore): number => node.versionOf('k')?.hlc ?? NaN;

  it.each([
    ['refused', true],
    ['not yet sent', false],
  ])('gives what peers had %s the stamp of its time once its clock is right', (_, isLinked) => {
    const { node, peer } = corrected(isLinked);
    expect(node.read('k')).toBe(STORED);
    expect(node.wallMs - versionOf(node) / HLC_TICKS_PER_MS).toBeCloseTo(2000 + LATE_ACKS_MS, -2);
    expect(node.notes).toContainEqual({ kind: 'writes-restamped', writes: 1 });
    peer.hearsAll();
    peer.says({ type: 'gapRequest', session: 1, from: 1, to: 2 });
    node.advance(10);
    const given = peer.hears('syncRecords').flatMap(({ records }) => records);
    expect(given.map(({ key, hlc }) => [key, hlc])).toEqual([['k', versionOf(node)]]);
  });

  it('takes what was written after it for newer, and not what was written before it', () => {
    const { node, peer } = corrected(true);
    peer.writes(1, 'k', { hlc: stamp(node, -2 * LATE_ACKS_MS), ageMs: 2 * LATE_ACKS_MS });
    expect(node.read('k')).toBe(STORED);
    peer.writes(2, 'k', { hlc: stamp(node, -1000), ageMs: 1000 });
    expect(acksOf(peer)).toEqual([
      [1, 'held'],
      [2, 'held'],
    ]);
    expect(node.read('k')).not.toBe(STORED);
  });

  it.each<[string, (peer: ScriptedPeer, node: LoneCore) => void]>([
    ['acknowledged', (peer) => peer.acks(1)],
    ['shown to hold by its root', (peer, node) => peer.tells({ root: node.core.root() })],
    ['still to acknowledge', () => undefined],
  ])('leaves a version as it is that somebody has %s', (_, happens) => {
    const node = new LoneCore();
    const peer = new ScriptedPeer(node, 'a', elsewhere);
    peer.tells({ root: node.core.root() });
    node.put('k', STORED);
    happens(peer, node);
    const before = versionOf(node);
    node.wallMs -= HOUR_MS;
    peer.differs(1000);
    expect(versionOf(node)).toBe(before);
  });
});

describe('nodes of a machine that was an hour ahead when it stamped', () => {
  const WRITTEN = 'written an hour ahead';
  const UNDER_WAY_MS = 2 * VICTIM_SETTINGS.writeTimeoutMs;
  const OFFSET_MS = VICTIM_SETTINGS.clockOffsetMaxMs;
  /** Its neighbour has acknowledged the write. The clock of both is right from then on. */
  const setRight = (
    answer: 'held' | 'refused' = 'refused',
  ): { node: LoneCore; neighbour: ScriptedPeer; other: ScriptedPeer } => {
    const node = new LoneCore();
    const neighbour = new ScriptedPeer(node, 'a');
    const other = new ScriptedPeer(node, 'b', elsewhere);
    other.wallOffsetMs = -HOUR_MS;
    node.put('k', WRITTEN);
    neighbour.acks(1);
    other.acksWith(answer, 1);
    node.advance(1000);
    node.wallMs -= HOUR_MS;
    other.wallOffsetMs = 0;
    node.advance(1);
    return { node, neighbour, other };
  };
  const keepLinked = (peers: readonly ScriptedPeer[], forMs: number): void => {
    for (let passedMs = 0; passedMs < forMs; passedMs += 5 * peers.length)
      for (const peer of peers) peer.differs(5);
  };
  const isFuture = (node: LoneCore): boolean =>
    stampedAtMs(node.versionOf('k') ?? { hlc: 0, origin: '' }) > node.wallMs + MINUTE_MS;

  it('give a write that only neighbours hold the stamp of its time, where other machines are', () => {
    const { node, neighbour, other } = setRight();
    expect(isFuture(node)).toBe(true);
    keepLinked([neighbour, other], 3 * UNDER_WAY_MS);
    expect(isFuture(node)).toBe(false);
    expect(node.read('k')).toBe(WRITTEN);
  });

  it('give a write a stamp above what readers had before, though others from the future came between', () => {
    const node = new LoneCore();
    const neighbour = new ScriptedPeer(node, 'a');
    const other = new ScriptedPeer(node, 'b', elsewhere);
    other.wallOffsetMs = -HOUR_MS;
    keepLinked([neighbour, other], 6000);
    // By a clock that is ahead by the allowed offset; an hour behind the one of this machine.
    const givenHlc = stamp(node, OFFSET_MS - HOUR_MS);
    other.writes(1, 'k', { hlc: givenHlc });
    expect(node.versionOf('k')?.hlc).toBe(givenHlc);
    neighbour.writes(1, 'k', { hlc: stamp(node, 0) });
    node.put('k', WRITTEN);
    neighbour.acks(1);
    other.acksWith('refused', 1);
    node.wallMs -= HOUR_MS;
    other.wallOffsetMs = 0;
    keepLinked([neighbour, other], 3 * UNDER_WAY_MS);
    expect(node.read('k')).toBe(WRITTEN);
    expect(node.versionOf('k')?.hlc).toBe(givenHlc + 1);
  });

  it('leave its stamp as it is while there is no other machine, and when one holds it', () => {
    const alone = setRight();
    alone.other.unlink();
    keepLinked([alone.neighbour], 3 * UNDER_WAY_MS);
    expect(isFuture(alone.node)).toBe(true);
    const held = setRight('held');
    keepLinked([held.neighbour, held.other], 3 * UNDER_WAY_MS);
    expect(isFuture(held.node)).toBe(true);
  });

  it('hold what was written after a write of a neighbour from the future, and not what was written before it', () => {
    const { node, neighbour, other } = setRight();
    const ageMs = UNDER_WAY_MS;
    neighbour.writes(1, 'shared', { hlc: stamp(node, HOUR_MS), ageMs });
    keepLinked([neighbour, other], 4 * UNDER_WAY_MS);
    const madeMs = ageMs + 4 * UNDER_WAY_MS;
    other.hearsAll();
    other.writes(1, 'shared', { hlc: stamp(node, -madeMs - HOUR_MS / 2), ageMs: madeMs + HOUR_MS / 2 });
    expect(stampedAtMs(node.versionOf('shared') ?? { hlc: 0, origin: '' })).toBeGreaterThan(node.wallMs);
    other.writes(2, 'shared', { hlc: stamp(node, -1000), ageMs: 1000 });
    expect(acksOf(other).at(-1)).toEqual([2, 'held']);
    expect(node.versionOf('shared')?.hlc).toBe(stamp(node, -1000));
  });

  it('tell those who follow changes to list anew when a smaller stamp takes the place of a greater', () => {
    const { node, neighbour, other } = setRight();
    neighbour.writes(1, 'shared', { hlc: stamp(node, HOUR_MS), ageMs: UNDER_WAY_MS });
    keepLinked([neighbour, other], 4 * UNDER_WAY_MS);
    node.unsure.length = 0;
    other.writes(1, 'shared', { hlc: stamp(node, -1000), ageMs: 1000 });
    expect(node.unsure).toEqual(['clock-corrected']);
    other.writes(2, 'shared', { hlc: stamp(node, -500), ageMs: 500 });
    expect(node.unsure).toEqual(['clock-corrected']);
  });

  it('count no copy of what they cannot place yet, before or after a write from the future', () => {
    const { node, neighbour, other } = setRight();
    neighbour.writes(1, 'shared', { hlc: stamp(node, HOUR_MS), ageMs: 100 });
    other.hearsAll();
    other.writes(1, 'shared', { hlc: stamp(node, 0), ageMs: 0 });
    other.writes(2, 'new', { hlc: stamp(node, 0), ageMs: 0 });
    expect(acksOf(other)).toEqual([
      [1, 'refused'],
      [2, 'held'],
    ]);
    neighbour.hearsAll();
    neighbour.writes(2, 'new', { hlc: stamp(node, HOUR_MS), ageMs: 0 });
    expect(acksOf(neighbour)).toEqual([[2, 'refused']]);
  });

  it('take over a write from the future whose node is gone', () => {
    const { node, neighbour, other } = setRight();
    neighbour.writes(1, 'shared', { hlc: stamp(node, HOUR_MS), ageMs: UNDER_WAY_MS });
    neighbour.unlink();
    keepLinked([other], 12 * UNDER_WAY_MS);
    expect(node.versionOf('shared')?.origin).toBe(VICTIM.id);
    expect(stampedAtMs(node.versionOf('shared') ?? { hlc: 0, origin: '' })).toBeLessThan(node.wallMs);
  });
});
