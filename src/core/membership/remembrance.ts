// Who is remembered, and for how long. A node that was linked for seconds is forgotten in seconds and never counts; one that stayed
// is remembered for a day. The table is bounded in total and for each address, and whoever goes for somebody's sake was hardly ever
// linked: a crowd of strangers neither pushes a member out nor keeps one from coming in.
import { LIMITS, TIMING } from '../base/settings';
import type { Member } from '../peer/member';

/** Linked for long enough: it counts for the quorum's size and for the time, and others are believed about whom it tells of. */
export function isProven(member: Member): boolean {
  return member.livedMs >= TIMING.probationMs;
}

/**
 * True when the member counts from now on: linked for long enough, or told of by one that was, at once where its end is told, later
 * where it may be a guest of theirs.
 */
export function takeOffProbation(member: Member, teller: Member | undefined, nowMs: number): boolean {
  if (member.counts) return false;
  member.isVouchedFor = teller !== undefined && isProven(teller) && mayBeVouchedFor(member, nowMs);
  member.counts = member.isVouchedFor || isProven(member);
  return member.counts;
}

function mayBeVouchedFor({ isToldDead, isActive, link, firstHeardMs }: Member, nowMs: number): boolean {
  if (isToldDead) return true;
  return isActive && link === null && nowMs - firstHeardMs >= TIMING.hearsayProbationMs;
}

/** Whether its end is told to others: a guest that is gone is nobody's concern. */
export function isTold(member: Member): boolean {
  return member.isActive || member.state === 'left' || member.counts;
}

/** When a member that has ended is forgotten, monotonic milliseconds. */
export function forgottenAtMs(member: Member): number {
  const { stateSinceMs, firstHeardMs, state, counts } = member;
  if (!counts) return Math.max(stateSinceMs, firstHeardMs) + TIMING.strangerForgottenAfterMs;
  if (state === 'left') return stateSinceMs + TIMING.leftShownMs;
  return hasStayed(member)
    ? stateSinceMs + TIMING.deadForgottenAfterMs
    : Math.max(stateSinceMs, firstHeardMs) + TIMING.visitorForgottenAfterMs;
}

/** Here, or by the word of others who remember it longer than a visitor. */
function hasStayed({ livedMs, isVouchedFor, stateSinceMs, firstHeardMs }: Member): boolean {
  if (livedMs >= TIMING.stayedMs) return true;
  return isVouchedFor && Math.abs(firstHeardMs - stateSinceMs) >= TIMING.stayedMs;
}

/**
 * Who goes so that a node at `address` can come: 'nobody' when there is room, null when there is none and everybody stays. First
 * who does not count, then who counts by hearsay only; of these who has ended, then who did so first.
 */
export function whoGoes(table: Iterable<Member>, address: string): Member | 'nobody' | null {
  let total = 0;
  let there = 0;
  let anywhere: Member | null = null;
  let atPlace: Member | null = null;
  for (const member of table) {
    total += 1;
    const isThere = address !== '' && member.address === address;
    if (isThere) there += 1;
    if (member.link !== null || isProven(member)) continue;
    anywhere = sooner(anywhere, member);
    if (isThere) atPlace = sooner(atPlace, member);
  }
  if (there >= LIMITS.membersPerAddress) return atPlace;
  return total >= LIMITS.membersRemembered ? anywhere : 'nobody';
}

function sooner(one: Member | null, other: Member): Member {
  if (one === null) return other;
  if (one.counts !== other.counts) return one.counts ? other : one;
  if (one.isActive !== other.isActive) return one.isActive ? other : one;
  return one.stateSinceMs <= other.stateSinceMs ? one : other;
}
