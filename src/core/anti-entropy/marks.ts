// What a peer has told to hold of each origin's writes.
import { LISTS } from '../base/bounds';
import type { NodeId } from '../base/identity';
import type { Member } from '../peer/member';
import type { Membership } from '../membership/membership';
import { receptionOf } from '../membership/receptions';
import type { Watermark } from '../wire/messages';

export function keepMarks(
  { marks, marksToldAtMs, ahead }: Member,
  told: readonly Watermark[],
  membership: Membership,
  nowMs: number,
): void {
  membership.prune(marks);
  membership.prune(marksToldAtMs);
  for (const { origin, through } of told) {
    if (marks.size >= LISTS.marks && !marks.has(origin)) continue;
    if (through !== marks.get(origin)) marksToldAtMs.set(origin, nowMs);
    marks.set(origin, through);
    if (origin !== membership.self.id && through > (receptionOf(membership, origin)?.through ?? 0))
      ahead.add(origin);
  }
}

/**
 * A peer told of more writes than their origin had made by then: the origin has answered a ping
 * that left later, and told of fewer. Whoever makes writes up is believed until then, and so is who
 * was lied to. What there is, is no less believed for it: an origin's count never falls.
 */
export function isMadeUp({ marks, marksToldAtMs }: Member, origin: Member | undefined): boolean {
  if (origin === undefined) return false;
  const { id, countedAtMs, reception } = origin;
  return countedAtMs > (marksToldAtMs.get(id) ?? Infinity) && (marks.get(id) ?? 0) > reception.announced;
}

/** What somebody held of each origin's writes is held here now. */
export function adoptMarks(marks: ReadonlyMap<NodeId, number>, membership: Membership): void {
  for (const [origin, through] of marks) receptionOf(membership, origin)?.adopt(through);
}

/** The same, but for something of it that was not taken in. */
export function passOverMarks(marks: ReadonlyMap<NodeId, number>, membership: Membership): void {
  for (const [origin, through] of marks) receptionOf(membership, origin)?.passOver(through);
}
