// Of which members this node knows that it may lack what they wrote: numbers are missing, or the
// way from them is slow or broken. Their writers may have been answered without this node, which
// lags at them. What nobody can know is a way that has just fallen silent (docs/protocol.md,
// Reads).
import { awaitsPieces } from '../anti-entropy/gaps';
import { TIMING } from '../base/settings';
import type { Membership } from '../membership/membership';
import { isMadeUp } from '../anti-entropy/marks';
import { receptionOf } from '../membership/receptions';
import type { Member } from '../peer/member';

export class Step {
  /** When a member ended that was heard until then: its last writes may be with others only. */
  private lossAtMs = -Infinity;

  constructor(private readonly membership: Membership) {}

  ended({ lastSeenMs }: Member, nowMs: number): void {
    if (lastSeenMs !== null && nowMs - lastSeenMs < TIMING.lossNewsMs) this.lossAtMs = nowMs;
  }

  /** Whether any member is out of step with this node. */
  isLost(nowMs: number): boolean {
    for (const member of this.membership.active()) if (this.isOut(member, nowMs)) return true;
    return false;
  }

  isOut(member: Member, nowMs: number): boolean {
    return this.isUnreached(member, nowMs) || this.isShort(member);
  }

  /** The same of any of these that is in reach. */
  isShortOfAny(isMeant: (member: Member) => boolean): boolean {
    for (const member of this.membership.active())
      if (member.link !== null && member.state === 'alive' && isMeant(member) && this.isShort(member))
        return true;
    return false;
  }

  /**
   * One that was taken for dead counts as soon as its link is up: it comes back. A newcomer counts
   * until it has let a probe pass.
   */
  hasUnheard(): boolean {
    for (const member of this.membership.all()) if (isUnheard(member)) return true;
    return false;
  }

  /** What is missing may be on its way in pieces, and is not asked for yet. */
  awaitsPieces(nowMs: number): boolean {
    return awaitsPieces(this.membership, nowMs);
  }

  isAlone(): boolean {
    if (this.membership.activeCount() > 0) return false;
    for (const { link } of this.membership.all()) if (link !== null) return false;
    return true;
  }

  /** It has told of writes that have not come: its own, or those of others that it holds. */
  isShort(member: Member): boolean {
    const { reception, ahead, marks } = member;
    if (reception.through < reception.announced) return true;
    for (const origin of ahead) {
      const through = receptionOf(this.membership, origin)?.through ?? 0;
      const isMore = (marks.get(origin) ?? 0) > through;
      if (isMore && !isMadeUp(member, this.membership.get(origin))) return true;
      ahead.delete(origin);
    }
    return false;
  }

  /** What it wrote of late may be under way, or go nowhere. */
  private isUnreached(member: Member, nowMs: number): boolean {
    const { link, state, offset, slowAtMs } = member;
    if (link === null) return member.counts || member.lastSeenMs !== null;
    // Of one that has said nothing yet, or never will, Standing knows what to make.
    if (member.status === null) return false;
    if (state === 'suspect' || link.assembler.isUnderWay) return true;
    if (member.toldAtMs < this.lossAtMs) return true;
    const wayMaxMs = member.wayMaxMs(this.membership.sameHost(member.identity));
    if (offset.lateMs > wayMaxMs) return true;
    const owesAnswer = nowMs - member.pingedAtMs > 2 * wayMaxMs;
    if (owesAnswer && !member.seenSince(nowMs - 2 * wayMaxMs)) return true;
    return nowMs - slowAtMs < TIMING.slowForMs && !member.seenSince(nowMs - wayMaxMs);
  }
}

/** It has said nothing yet on its link, or nothing that can be dated. */
export function isUnheard(member: Member): boolean {
  if (member.link === null) return false;
  return member.offset.isInDoubt || (!member.link.hasTold && !isMute(member));
}

/** It was linked and probed, and has never said how it fares: it is no witness. */
export function isMute({ state, status }: Pick<Member, 'state' | 'status'>): boolean {
  return status === null && state === 'suspect';
}
