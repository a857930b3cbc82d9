// What a peer has told to hold of each origin's writes.
import type { NodeId } from '../base/identity';
import type { Member } from '../peer/member';
import type { Membership } from '../membership/membership';
import type { Watermark } from '../wire/messages';

/** Only of this node and of members: nothing can be asked of anybody else. */
export function keepMarks({ marks }: Member, told: readonly Watermark[], membership: Membership): void {
  membership.prune(marks);
  for (const { origin, through } of told) {
    if (origin === membership.self.id || membership.get(origin) !== undefined) marks.set(origin, through);
  }
}

/** What somebody held of each origin's writes is held here now. */
export function adoptMarks(marks: ReadonlyMap<NodeId, number>, membership: Membership): void {
  for (const [origin, through] of marks) membership.get(origin)?.reception.adopt(through);
}
