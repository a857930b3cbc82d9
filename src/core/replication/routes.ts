// How one write reaches the others: members on the own host and lone members of other hosts
// directly, several members of another host through one of them, which relays it on its own
// loopback. So a write crosses to each other host once.
import type { Member } from '../peer/member';
import type { NodeIdentity } from '../base/identity';

export interface Route {
  readonly member: Member;
  /** Who relays to this member; null = sent to it directly. */
  readonly via: Member | null;
  /** This member is asked to relay to its host. */
  readonly relays: boolean;
}

/** Routes to all of `members` that have a link. */
export function routesOf(members: Iterable<Member>, self: NodeIdentity): Route[] {
  const routes: Route[] = [];
  const elsewhere = new Map<string, Member[]>();
  for (const member of members) {
    if (member.link === null) continue;
    const { hostId } = member.identity;
    if (hostId === self.hostId) routes.push({ member, via: null, relays: false });
    else elsewhere.set(hostId, [...(elsewhere.get(hostId) ?? []), member]);
  }
  for (const neighbours of elsewhere.values()) addHost(routes, neighbours, self);
  return routes;
}

function addHost(routes: Route[], neighbours: readonly Member[], self: NodeIdentity): void {
  const relay = neighbours.length > 1 ? relayOf(neighbours, self) : null;
  for (const member of neighbours) {
    const isBehind = relay !== null && member !== relay;
    routes.push({ member, via: isBehind ? relay : null, relays: member === relay });
  }
}

/**
 * The next id after the own one in the circle of ids: the same for all writes of this node, so that
 * they stay in order, and another for other nodes, so that the work is shared. When all lag, it is
 * more likely the way to them that is slow than each of them, and copies to each would make it
 * slower: then the one that is least behind.
 */
function relayOf(neighbours: readonly Member[], self: NodeIdentity): Member | null {
  return nextIn(neighbours, self) ?? leastBehind(neighbours);
}

function leastBehind(neighbours: readonly Member[]): Member | null {
  let best: Member | null = null;
  let owesFrom = -1;
  for (const member of neighbours) {
    if (member.window.firstUnacked() <= owesFrom) continue;
    best = member;
    owesFrom = member.window.firstUnacked();
  }
  return best;
}

/** Null when all are lagging. */
function nextIn(neighbours: readonly Member[], self: NodeIdentity): Member | null {
  let after: Member | null = null;
  let first: Member | null = null;
  for (const member of neighbours) {
    if (member.window.lagging) continue;
    if (first === null || member.id < first.id) first = member;
    if (member.id > self.id && (after === null || member.id < after.id)) after = member;
  }
  return after ?? first;
}
