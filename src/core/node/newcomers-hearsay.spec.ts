// What a peer can make a node expect by telling of others: it counts for as long as the teller is
// there, and stays when that stayed.
import { LoneCore } from '../../../test/support/core/lone-core';
import { ScriptedPeer } from '../../../test/support/core/scripted-peer';
import type { ViewEntry } from '../wire/messages';
import { TIMING } from '../base/settings';

const LONG_DEAD_MS = 600_000;

function pass(victim: LoneCore, peers: readonly ScriptedPeer[], ms: number): void {
  for (let passedMs = 0; passedMs < ms; passedMs += 50) {
    for (const peer of peers) peer.answers();
    victim.advance(50);
  }
}

/** A node whose two neighbours have been there for so long. */
function settled(ms: number): { victim: LoneCore; neighbours: ScriptedPeer[] } {
  const victim = new LoneCore({ expectedNodesMin: 3 });
  const neighbours = ['a', 'b'].map((digit) => new ScriptedPeer(victim, digit));
  pass(victim, neighbours, ms);
  return { victim, neighbours };
}

/** What `teller` tells of nodes of foreign hosts; of the dead, that they had stayed. */
function told(teller: ScriptedPeer, count: number, changes: Partial<ViewEntry>): ViewEntry[] {
  return Array.from({ length: count }, (_, number) => ({
    identity: {
      ...teller.identity,
      id: `${number}`.padStart(16, 'e'),
      hostId: `told-${number}`,
      addresses: [],
      listenPort: 9000 + number,
    },
    state: 'dead',
    incarnation: 0,
    by: teller.id,
    direct: true,
    address: `10.9.1.${number}`,
    sinceMs: LONG_DEAD_MS,
    ...changes,
  }));
}

function tells(teller: ScriptedPeer, count: number, changes: Partial<ViewEntry> = {}): void {
  teller.says({ type: 'view', entries: told(teller, count, changes) });
}

function hostsOf(victim: LoneCore): number {
  return victim.core.report().membership.expectedHosts;
}

describe('who tells of others and leaves before it stayed', () => {
  it.each([
    ['dead for ten minutes', { sinceMs: LONG_DEAD_MS }],
    ['dead for seconds', { sinceMs: 3000 }],
    ['dead visitors', { sinceMs: LONG_DEAD_MS, direct: false }],
    ['alive', { state: 'alive' as const, sinceMs: 0 }],
  ])('of 40 that are %s takes them with it', (_, changes) => {
    const { victim, neighbours } = settled(TIMING.stayedMs + 5000);
    const guest = new ScriptedPeer(victim, 'c');
    pass(victim, [...neighbours, guest], 3600);
    tells(guest, 40, changes);
    pass(victim, [...neighbours, guest], 300);
    guest.unlink();
    pass(victim, neighbours, TIMING.linkSilentMs + 500);
    for (let second = 0; second < 200; second += 1) {
      expect([second, hostsOf(victim)]).toEqual([second, 1]);
      pass(victim, neighbours, 1000);
    }
    pass(victim, neighbours, 60_000);
    expect(victim.core.report().membership).toMatchObject({ alive: 2, expectedNodes: 3 });
  });

  it('is not passed on meanwhile: others would believe the one that passes it on', () => {
    const { victim, neighbours } = settled(TIMING.stayedMs + 5000);
    const guest = new ScriptedPeer(victim, 'c');
    pass(victim, [...neighbours, guest], 3600);
    tells(guest, 1);
    pass(victim, [...neighbours, guest], 1000);
    expect(hostsOf(victim)).toBe(2);
    const later = new ScriptedPeer(victim, 'd');
    expect(later.hears('view').flatMap(({ entries }) => entries.map(({ state }) => state))).not.toContain(
      'dead',
    );
  });

  it('does not take along what one that is still there tells as well', () => {
    const { victim, neighbours } = settled(10_000);
    const guest = new ScriptedPeer(victim, 'c');
    pass(victim, [...neighbours, guest], 3600);
    for (const teller of [guest, neighbours[0]]) tells(teller, 1);
    pass(victim, [...neighbours, guest], 300);
    guest.unlink();
    pass(victim, neighbours, 100_000);
    expect(victim.core.report().membership).toMatchObject({ dead: 1, expectedHosts: 2 });
  });
});

describe('a node that just started', () => {
  it('expects the dead of its first tellers from the start, and for good when they stay for a minute', () => {
    const { victim, neighbours } = settled(0);
    tells(neighbours[0], 1);
    pass(victim, neighbours, TIMING.probationMs + 500);
    expect(hostsOf(victim)).toBe(2);
    pass(victim, neighbours, TIMING.stayedMs);
    for (const neighbour of neighbours) neighbour.unlink();
    pass(victim, [], 3_600_000);
    expect(hostsOf(victim)).toBe(2);
  });

  it('goes on expecting them when the link of the teller is replaced', () => {
    const { victim, neighbours } = settled(0);
    tells(neighbours[0], 1);
    pass(victim, neighbours, 5000);
    neighbours[0].unlink();
    pass(victim, [neighbours[1]], 2000);
    expect(hostsOf(victim)).toBe(2);
    neighbours[0].relink();
    pass(victim, neighbours, 30_000);
    expect(hostsOf(victim)).toBe(2);
  });

  it('expects them again when a teller that was away tells of them again', () => {
    const { victim, neighbours } = settled(0);
    tells(neighbours[0], 1);
    pass(victim, neighbours, 10_000);
    neighbours[0].unlink();
    pass(victim, [neighbours[1]], 10_000);
    expect(hostsOf(victim)).toBe(1);
    neighbours[0].relink();
    tells(neighbours[0], 1);
    pass(victim, neighbours, 1000);
    expect(hostsOf(victim)).toBe(2);
  });

  it('passes on what was told, and that it stayed, as soon as the teller stayed', () => {
    const { victim, neighbours } = settled(0);
    tells(neighbours[0], 1);
    pass(victim, neighbours, TIMING.stayedMs + 5000);
    const later = new ScriptedPeer(victim, 'd');
    const entries = later.hears('view').flatMap((view) => view.entries);
    expect(entries).toContainEqual(expect.objectContaining({ state: 'dead', direct: true }));
  });
});

describe('by the word of one that stayed', () => {
  it('a dead visitor is remembered for a minute after its end and no longer', () => {
    const { victim, neighbours } = settled(TIMING.stayedMs + 5000);
    tells(neighbours[0], 1, { sinceMs: 30_000, direct: false });
    pass(victim, neighbours, 20_000);
    expect(hostsOf(victim)).toBe(2);
    pass(victim, neighbours, 15_000);
    expect(hostsOf(victim)).toBe(1);
  });

  it('the living that nobody has reached for this node never count, however slowly it finds them dead', () => {
    const { victim, neighbours } = settled(TIMING.stayedMs + 5000);
    tells(neighbours[0], 60, { state: 'alive', sinceMs: 0 });
    for (let second = 0; second < 200; second += 1) {
      pass(victim, neighbours, 1000);
      expect([second, hostsOf(victim)]).toEqual([second, 1]);
    }
  });
});

describe('a member that was linked for seconds', () => {
  it('is told of as a visitor when it is dead', () => {
    const { victim, neighbours } = settled(5000);
    neighbours[1].unlink();
    pass(victim, [neighbours[0]], 10_000);
    const later = new ScriptedPeer(victim, 'd');
    const entries = later.hears('view').flatMap((view) => view.entries);
    expect(entries).toContainEqual(expect.objectContaining({ state: 'dead', direct: false }));
  });
});

describe('that another has left', () => {
  function saidToLeave(afterMs: number): LoneCore {
    const { victim, neighbours } = settled(0);
    const host = new ScriptedPeer(victim, 'c', { hostId: 'foreign', address: '10.0.0.9' });
    pass(victim, [neighbours[0], host], TIMING.stayedMs + 5000);
    host.unlink();
    pass(victim, [neighbours[0]], 20_000);
    const teller = new ScriptedPeer(victim, 'd');
    pass(victim, [neighbours[0], teller], afterMs);
    expect(hostsOf(victim)).toBe(2);
    teller.says({
      type: 'view',
      entries: [{ ...told(teller, 1, {})[0], identity: host.identity, state: 'left' }],
    });
    pass(victim, [neighbours[0], teller], 1000);
    return victim;
  }

  it('is not believed of a newcomer: a dead host stays expected', () => {
    expect(hostsOf(saidToLeave(5000))).toBe(2);
  });

  it('is believed of one that stayed', () => {
    expect(hostsOf(saidToLeave(TIMING.stayedMs + 5000))).toBe(1);
  });
});
