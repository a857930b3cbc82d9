// Whose writes are known here, and how much of them was taken in: of members, and of origins that are
// none any more.
import type { NodeId } from '../base/identity';
import type { Reception } from '../peer/reception';
import type { Membership } from './membership';

/** Undefined of this node itself, and of an origin that nothing came from. */
export function receptionOf(membership: Membership, origin: NodeId): Reception | undefined {
  return membership.get(origin)?.reception ?? membership.departed.get(origin);
}

/** The same, begun where a version of the origin has come and nothing of it was known before. */
export function receptionFor(membership: Membership, origin: NodeId): Reception | undefined {
  if (origin === membership.self.id) return undefined;
  return membership.get(origin)?.reception ?? membership.departed.of(origin);
}

/** Of members, and of departed origins of which a version is known here. */
export function* receptions(membership: Membership): IterableIterator<[NodeId, Reception]> {
  for (const { id, reception } of membership.all()) yield [id, reception];
  yield* membership.departed.held();
}
