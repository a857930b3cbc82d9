// Whom this node is to be compared with, when, and the comparison under way: there is one at most.
import type { NodeId } from '../base/identity';
import type { Prng } from '../base/prng';
import { TIMING } from '../base/settings';
import type { Membership } from '../membership/membership';
import type { Member } from '../peer/member';
import { LeafComparison } from './leaf-comparison';

export class Comparisons {
  private readonly due = new Set<NodeId>();
  private underWay: LeafComparison | null = null;
  private nextAtMs: number;

  constructor(
    private readonly membership: Membership,
    private readonly prng: Prng,
    nowMs: number,
  ) {
    this.nextAtMs = nowMs + prng.jitter(TIMING.rootCompareMs);
  }

  get current(): LeafComparison | null {
    return this.underWay;
  }

  /** Some member was met anew, and what it holds is not known yet. */
  get areDue(): boolean {
    return this.due.size > 0 || this.underWay?.confirmAfterMs === null;
  }

  isAbout(peer: NodeId): boolean {
    return this.due.has(peer) || this.underWay?.peer === peer;
  }

  /** At once, or as soon as nothing else is under way. */
  owe(peer: NodeId): void {
    this.due.add(peer);
  }

  oweAll(): void {
    for (const { id, link } of this.membership.active()) if (link !== null) this.owe(id);
  }

  /** It holds the same, or is gone. */
  isDoneWith(peer: NodeId): void {
    this.due.delete(peer);
  }

  areDoneWith(isDone: (peer: NodeId) => boolean): void {
    for (const peer of this.due) if (isDone(peer)) this.due.delete(peer);
  }

  /** Differing roots are looked into from now on. */
  hurry(nowMs: number): void {
    this.nextAtMs = nowMs;
  }

  /** The same with everybody, however fruitless it was before. */
  hurryAll(nowMs: number): void {
    this.hurry(nowMs);
    for (const member of this.membership.active()) member.comparing.reset();
  }

  isTime(nowMs: number): boolean {
    return nowMs >= this.nextAtMs;
  }

  /**
   * The next member that one is due with; null when there is none that can be asked. One that was
   * taken for dead and is linked again has its turn when it is back.
   */
  takeDue(): Member | null {
    for (const peer of this.due) {
      const member = this.membership.get(peer) ?? null;
      const isLinked = member !== null && member.link !== null;
      if (isLinked && !member.isActive) continue;
      this.due.delete(peer);
      if (isLinked) return member;
    }
    return null;
  }

  /** @param confirmAfterMs null: what differs at once counts */
  begin(member: Member, confirmAfterMs: number | null, nowMs: number): void {
    this.nextAtMs = nowMs + this.prng.jitter(TIMING.rootCompareMs);
    this.underWay = new LeafComparison(member.id, confirmAfterMs, nowMs);
    member.link?.say({ type: 'leavesRequest' });
  }

  abandon(peer: NodeId): void {
    if (this.underWay?.peer === peer) this.underWay = null;
  }

  /** Asks once more when it is time; returns the peer that did not answer within its time. */
  tick(nowMs: number): NodeId | null {
    const { underWay } = this;
    if (underWay === null) return null;
    if (nowMs >= underWay.endsAtMs) {
      this.underWay = null;
      this.nextAtMs = nowMs;
      return underWay.peer;
    }
    if (nowMs >= underWay.askAgainAtMs) {
      underWay.askAgainAtMs = Infinity;
      this.membership.get(underWay.peer)?.link?.say({ type: 'leavesRequest' });
    }
    return null;
  }

  nextDeadlineMs(): number {
    return this.underWay === null ? Infinity : Math.min(this.underWay.askAgainAtMs, this.underWay.endsAtMs);
  }
}
