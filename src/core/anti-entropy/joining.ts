// How a node that just started comes to be ready: it holds what every ready node it can reach held.
// One of them fills it up; with the others it is compared, because the last writes of a node that
// crashed may have reached some and not others. So as many nodes as you like may crash one after
// the other, each when the one before is ready again, and nothing acknowledged is lost.
import type { Member } from '../peer/member';
import type { Membership } from '../membership/membership';
import type { NodeId } from '../base/identity';
import type { Prng } from '../base/prng';
import type { Fullness } from '../store/fullness';
import { TIMING } from '../base/settings';
import type { Unfilled } from './unfilled';
import type { Untaken } from './untaken';

export interface JoiningParts {
  readonly membership: Membership;
  readonly prng: Prng;
  readonly fullness: Fullness;
  /** Every known candidate had its chance to answer. */
  readonly hasAskedEverywhere: () => boolean;
  readonly unfilled: Unfilled;
  readonly untaken: Untaken;
}

/** A peer that was heard this recently is there. */
const HEARD_MS = 2000;
/** A peer that says other things and never answers this is given up. */
const LAPSES_MAX = 3;

export class Joining {
  /** The member that was matched last; null before the first. */
  lastMatched: NodeId | null = null;
  private readonly matched = new Set<NodeId>();
  /** Did not answer in time, for want of life or too often: not waited for any more. */
  private readonly passedOver = new Set<NodeId>();
  /** How often each let its time pass since it was met. */
  private readonly lapses = new Map<NodeId, number>();
  /** Asked again then: some of what it gave was refused for its stamp. */
  private readonly postponed = new Map<NodeId, { readonly untilMs: number; readonly pauseMs: number }>();
  /** Since when a member that others call alive is not linked to this node. */
  private readonly missingSinceMs = new Map<NodeId, number>();

  constructor(private readonly parts: JoiningParts) {}

  /** What this member holds is held here, but for what found no room. */
  match(peer: NodeId, lacksSome = false): void {
    const { membership, fullness, unfilled, untaken } = this.parts;
    this.matched.add(peer);
    this.lastMatched = peer;
    if (membership.get(peer)?.status?.ready === true) unfilled.isOver();
    if (lacksSome) return;
    const peers = membership.active().map(({ id }) => id);
    fullness.lacksNothingOf(peer, peers);
    untaken.lacksNothingOf(peer, peers);
  }

  /** It is ready, if it is, because nobody was there. */
  hasFoundNobody(nowMs: number): boolean {
    return this.lastMatched === null || this.parts.unfilled.isSo(nowMs);
  }

  /** What it holds may be more now. */
  unmatch(peer: NodeId): void {
    this.matched.delete(peer);
    this.passedOver.delete(peer);
    this.lapses.delete(peer);
  }

  /**
   * Something that it holds was not taken: a clock is wrong, and it may be this one's. It is not
   * waited for where others have filled this node, and asked again after a while.
   */
  postpone(peer: NodeId, nowMs: number): void {
    this.passedOver.add(peer);
    const { pauseMs: before } = this.postponed.get(peer) ?? { pauseMs: TIMING.refusedRetryMs / 2 };
    const pauseMs = Math.min(TIMING.refusedRetryMaxMs, 2 * before);
    this.postponed.set(peer, { untilMs: nowMs + pauseMs, pauseMs });
  }

  /** What was refused may be taken now. */
  retry(): void {
    this.postponed.clear();
  }

  /**
   * It let its time pass. What it holds may be large, and the way to it slow: one that is heard all
   * the same is asked again, after the others and not for ever. So is one for its own writes.
   */
  passOver(peer: NodeId, nowMs: number, owesOwnWrites = false): void {
    if (owesOwnWrites) this.parts.membership.get(peer)?.reception.postpone(nowMs);
    const lapses = (this.lapses.get(peer) ?? 0) + 1;
    this.lapses.set(peer, lapses);
    // Others have their turn before one that keeps doing so.
    if (lapses > 1) this.parts.membership.get(peer)?.comparing.ended(0, nowMs);
    const isHeard = this.parts.membership.get(peer)?.seenSince(nowMs - HEARD_MS) === true;
    if (!isHeard || lapses >= LAPSES_MAX) this.passedOver.add(peer);
  }

  /** Somebody else could be asked. */
  hasOther(peer: NodeId): boolean {
    return this.linked().some(({ id }) => id !== peer);
  }

  hasMatched(peer: NodeId): boolean {
    return this.matched.has(peer);
  }

  /**
   * Whom to ask next: ready members first, suspects last; null when nobody is left to ask. Whoever
   * did not answer is asked again as long as nobody else did.
   */
  next(nowMs: number): Member | null {
    const donors = this.donors();
    const unmatched = (donors.length > 0 ? donors : this.linked()).filter(
      ({ id }) => !this.matched.has(id) && nowMs >= (this.postponed.get(id)?.untilMs ?? nowMs),
    );
    const untried = unmatched.filter(({ id }) => !this.passedOver.has(id));
    const choice = this.leastLapsed(untried.length > 0 || this.hasMatchedOneOf(donors) ? untried : unmatched);
    const alive = choice.filter(({ state }) => state === 'alive');
    const chosen = this.pick(alive) ?? this.pick(choice);
    return chosen !== null && this.isBeingMeasured(chosen, nowMs) ? null : chosen;
  }

  /**
   * What comes from another host before its passage is known would live longer by that, and again
   * at each host that is filled by this one.
   */
  private isBeingMeasured({ identity, link, roundTrip }: Member, nowMs: number): boolean {
    if (link === null || roundTrip.isMeasured || this.parts.membership.sameHost(identity)) return false;
    return nowMs < link.upAtMs + TIMING.measureMaxMs;
  }

  /** A full node can take no more: it asks its peers for what it does not hold. */
  isComplete(nowMs: number): boolean {
    const { fullness, hasAskedEverywhere } = this.parts;
    const donors = this.donors();
    const isFilled = this.hasMatchedOneOf(donors);
    if (fullness.isFull && (isFilled || hasAskedEverywhere())) return true;
    const hasMetAll = this.hasMetAll(nowMs);
    if (donors.length === 0)
      return hasMetAll && hasAskedEverywhere() && this.linked().every(({ id }) => this.matched.has(id));
    const isDone = ({ id }: Member): boolean => this.matched.has(id) || this.passedOver.has(id);
    return isFilled && hasMetAll && donors.every(isDone);
  }

  private leastLapsed(members: readonly Member[]): Member[] {
    const lapsesOf = ({ id }: Member): number => this.lapses.get(id) ?? 0;
    const least = members.reduce((few, member) => Math.min(few, lapsesOf(member)), Infinity);
    return members.filter((member) => lapsesOf(member) === least);
  }

  private linked(): Member[] {
    return [...this.parts.membership.active()].filter(({ link, status }) => link !== null && status !== null);
  }

  private donors(): Member[] {
    return this.linked().filter(({ status }) => status?.ready === true);
  }

  private hasMatchedOneOf(members: readonly Member[]): boolean {
    return members.some(({ id }) => this.matched.has(id));
  }

  private pick(members: readonly Member[]): Member | null {
    return members.length > 0 ? members[this.parts.prng.below(members.length)] : null;
  }

  /**
   * Members that others call alive, or whose link is up, and that say nothing within a while cannot
   * be reached from here.
   */
  private hasMetAll(nowMs: number): boolean {
    this.parts.membership.prune(this.missingSinceMs);
    this.parts.membership.prune(this.postponed);
    this.parts.membership.prune(this.lapses);
    let hasMet = true;
    for (const { id, state, link, status } of this.parts.membership.all()) {
      if (link === null ? state !== 'alive' : status !== null) continue;
      const sinceMs = this.missingSinceMs.get(id) ?? nowMs;
      this.missingSinceMs.set(id, sinceMs);
      if (nowMs < sinceMs + TIMING.pullStalledMs) hasMet = false;
    }
    return hasMet;
  }
}
