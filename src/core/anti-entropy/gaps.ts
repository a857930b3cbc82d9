// Writes of members that this node knows of by their numbers and has not taken in.
import type { Member } from '../peer/member';
import type { Membership } from '../membership/membership';
import { TIMING } from '../base/settings';
import { FIGURE_MAX, sumUpTo } from '../base/bounds';
import type { NodeId } from '../base/identity';

/** Numbers of one member's writes, both ends included. */
export interface Gap {
  readonly member: Member;
  readonly from: number;
  readonly to: number;
}

/**
 * What has been missing for long enough to ask its writer for it; null when nothing has. Members
 * have their turns, from the one behind `last` on: one that gives nothing keeps nobody from them.
 */
export function nextGap(membership: Membership, nowMs: number, last: NodeId | null): Gap | null {
  const members = membership.active();
  const first = members.findIndex(({ id }) => id === last) + 1;
  for (const member of [...members.slice(first), ...members.slice(0, first)]) {
    if (member.link === null) continue;
    const patienceMs = isReceiving(member, nowMs) ? TIMING.gapUnderWayMs : TIMING.gapPatienceMs;
    const gap = member.reception.gap(nowMs, patienceMs);
    if (gap !== null) return { member, ...gap };
  }
  return null;
}

/** What has been missing for long is not asked for yet, because pieces come that may be it. */
export function awaitsPieces(membership: Membership, nowMs: number): boolean {
  for (const member of membership.active()) {
    if (!isReceiving(member, nowMs)) continue;
    if (member.reception.gap(nowMs, TIMING.gapPatienceMs) !== null) return true;
  }
  return false;
}

/** Pieces of something large come from this member. */
export function isReceiving({ link }: Member, nowMs: number): boolean {
  return link?.assembler.isMoving(nowMs, TIMING.gapPatienceMs) === true;
}

/** Something is missing, for however short a time. */
export function hasGaps(membership: Membership): boolean {
  for (const { link, reception } of membership.active()) {
    if (link !== null && reception.through < reception.announced) return true;
  }
  return false;
}

/** Of this member's writes: by its own word, or by that of others where it is not linked. */
export function missingOf({ id, link, reception }: Member, membership: Membership): number {
  if (link !== null) return reception.missing();
  let told = 0;
  for (const { ahead, marks } of membership.active())
    if (ahead.has(id)) told = Math.max(told, marks.get(id) ?? 0);
  return reception.missing(told);
}

export function missingWrites(membership: Membership): number {
  return sumUpTo(
    FIGURE_MAX,
    [...membership.active()].map((member) => missingOf(member, membership)),
  );
}
