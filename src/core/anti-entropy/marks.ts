// What a peer has told to hold of each origin's writes.
import { LISTS } from '../base/bounds';
import type { NodeId } from '../base/identity';
import type { Member } from '../peer/member';
import type { Membership } from '../membership/membership';
import { receptionOf } from '../membership/receptions';
import type { Watermark } from '../wire/messages';

export function keepMarks(
  { marks, ahead }: Member,
  told: readonly Watermark[],
  membership: Membership,
): void {
  membership.prune(marks);
  for (const { origin, through } of told) {
    if (marks.size >= LISTS.marks && !marks.has(origin)) continue;
    marks.set(origin, through);
    if (origin !== membership.self.id && through > (receptionOf(membership, origin)?.through ?? 0))
      ahead.add(origin);
  }
}

/** What somebody held of each origin's writes is held here now. */
export function adoptMarks(marks: ReadonlyMap<NodeId, number>, membership: Membership): void {
  for (const [origin, through] of marks) receptionOf(membership, origin)?.adopt(through);
}

/** The same, but for something of it that was not taken in. */
export function passOverMarks(marks: ReadonlyMap<NodeId, number>, membership: Membership): void {
  for (const [origin, through] of marks) receptionOf(membership, origin)?.passOver(through);
}
