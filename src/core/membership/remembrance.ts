// Who is remembered, and for how long. A node that was linked for seconds is forgotten in seconds
// and never counts; one that stayed is remembered for a day. The table is bounded in total and for
// each address, and whoever goes for somebody's sake was hardly ever linked: a crowd of strangers
// neither pushes a member out nor keeps one from coming in.
import { LIMITS } from '../base/limits';
import { TIMING } from '../base/settings';
import type { NodeId } from '../base/identity';
import type { Worth } from '../peer/hearsay';
import type { Member } from '../peer/member';
import type { ViewEntry } from '../wire/messages';
import type { MemberTable } from './member-table';

/**
 * Linked for long enough: it counts for the quorum's size and for the time, and others are believed
 * about whom it tells of.
 */
export function isProven(member: Member): boolean {
  return member.livedMs >= TIMING.probationMs;
}

/**
 * What this member says of others is worth, see `Worth`. A link that is replaced does not end its
 * stay.
 */
export function worthOf(teller: Member | undefined, nowMs: number): Worth {
  if (teller === undefined) return 'void';
  if (teller.livedMs >= TIMING.stayedMs) return 'firm';
  if (teller.link === null && !teller.seenSince(nowMs - TIMING.linkSilentMs)) return 'void';
  return isProven(teller) ? 'tentative' : 'pending';
}

/**
 * Looks anew at whether the member counts: linked for long enough, or believed to be by the word of
 * others. True when that changed.
 */
export function reviewed(member: Member, table: ReadonlyMap<NodeId, Member>, nowMs: number): boolean {
  const { counts, hearsay, isActive, link } = member;
  if (hearsay.isOpen && (link === null || !isActive))
    hearsay.weigh((teller) => worthOf(table.get(teller), nowMs));
  member.counts = isProven(member) || (hearsay.isBelieved && (counts || mayCountUnseen(member, nowMs)));
  return member.counts !== counts;
}

/**
 * Of the living somebody has reached it for this node, and it may no longer be a guest of the
 * teller's that has left meanwhile.
 */
function mayCountUnseen(member: Member, nowMs: number): boolean {
  if (member.isToldDead || (!member.isActive && member.hearsay.hasStayed)) return true;
  if (member.state !== 'alive' || member.link !== null || !member.isReached) return false;
  return nowMs - member.firstHeardMs >= TIMING.hearsayProbationMs;
}

/**
 * Whether it is told of to others. A guest that is gone is nobody's concern, and what only a
 * newcomer told of the dead is not passed on: others would believe it of this node.
 */
export function isTold(member: Member, nowMs: number): boolean {
  if (member.isActive || member.state === 'left') return true;
  return member.counts && isForSure(member) && nowMs < forgottenAtMs(member);
}

/** Known from its own link, or by the word of one that stayed. */
export function isForSure(member: Member): boolean {
  return isProven(member) || member.hearsay.isFirm;
}

/** Linked for a minute, here or where one that stayed knows of it. */
export function hasSurelyStayed(member: Member): boolean {
  return member.livedMs >= TIMING.stayedMs || member.hearsay.isFirmlyStayed;
}

/** When a member that has ended is forgotten, monotonic milliseconds. */
export function forgottenAtMs(member: Member): number {
  const { stateSinceMs, firstHeardMs, state, counts } = member;
  if (!counts) return Math.max(stateSinceMs, firstHeardMs) + TIMING.strangerForgottenAfterMs;
  if (state === 'left') return stateSinceMs + TIMING.leftShownMs;
  return stateSinceMs + rememberedForMs(member);
}

/** For how long one that counted is expected back, milliseconds. */
export function rememberedForMs(member: Member): number {
  const hasStayed = hasSurelyStayed(member) || member.hearsay.hasStayed;
  return hasStayed ? TIMING.deadForgottenAfterMs : TIMING.visitorForgottenAfterMs;
}

/** One whose tellers were gone too soon: another may tell of it again, and so may they. */
export function mayBeToldAnew(member: Member, nowMs: number): boolean {
  const { isToldDead, counts, lastSeenMs } = member;
  return (isToldDead && !counts && lastSeenMs === null) || isUnfounded(member, nowMs);
}

/**
 * Whether one that was forgotten is worth a dial: another is linked to it. Hearsay does not bring
 * it back, but a partition may have lasted for longer than it was remembered.
 */
export function mayBeBack({ identity, state, direct }: ViewEntry, table: MemberTable): boolean {
  return state === 'alive' && direct && table.at(identity.hostId, identity.listenPort)?.isActive !== true;
}

/**
 * Said to be alive by visitors that are gone, and by nobody else; neither this node nor another has
 * reached it. It is not waited for until it was probed: a visitor may make up hundreds.
 */
export function isUnfounded(member: Member, nowMs: number): boolean {
  const { isActive, link, lastSeenMs, isReached, hearsay, firstHeardMs } = member;
  if (!isActive || link !== null || lastSeenMs !== null || isReached) return false;
  if (!hearsay.wasTold || hearsay.isBelieved || hearsay.isOpen) return false;
  return nowMs >= firstHeardMs + TIMING.strangerForgottenAfterMs;
}

/** For how long others go on telling of this dead one, so that it is worth taking in. */
export function toldForMs({ direct }: ViewEntry): number {
  return direct ? TIMING.deadForgottenAfterMs : TIMING.visitorForgottenAfterMs;
}

/**
 * Who goes so that a node at `address` can come: 'nobody' when there is room, null when there is
 * none and everybody stays. First who does not count, then who counts by hearsay only; of these who
 * has ended, then who did so first.
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

/** When the first of their suspicions, or of what is remembered of the ended, is over. */
export function nextEndMs(members: Iterable<Member>): number {
  let next = Infinity;
  for (const member of members) {
    if (member.suspicion !== null) next = Math.min(next, member.suspicion.deadlineMs());
    if (!member.isActive) next = Math.min(next, forgottenAtMs(member));
  }
  return next;
}
