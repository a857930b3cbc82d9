// How a node that just started comes to be ready: it holds what every ready node it can reach held. One of them fills it up;
// with the others it is compared, because the last writes of a node that crashed may have reached some and not others. So
// as many nodes as you like may crash one after the other, each when the one before is ready again, and nothing
// acknowledged is lost.
import type { Member } from '../membership/member';
import type { Membership } from '../membership/membership';
import type { NodeId } from '../membership/identity';
import type { Prng } from '../node/prng';

export interface JoiningParts {
  readonly membership: Membership;
  readonly prng: Prng;
  /** False while this node is full. */
  readonly hasRoom: () => boolean;
  /** Every known candidate had its chance to answer. */
  readonly lookedEverywhere: () => boolean;
}

export class Joining {
  /** The member that was matched last; null before the first. */
  lastMatched: NodeId | null = null;
  private readonly matched = new Set<NodeId>();
  /** Did not answer in time: not waited for any more. */
  private readonly passedOver = new Set<NodeId>();

  constructor(private readonly parts: JoiningParts) {}

  /** What this member holds is held here. */
  match(peer: NodeId): void {
    this.matched.add(peer);
    this.lastMatched = peer;
  }

  /** What it holds may be more now. */
  unmatch(peer: NodeId): void {
    this.matched.delete(peer);
    this.passedOver.delete(peer);
  }

  passOver(peer: NodeId): void {
    this.passedOver.add(peer);
  }

  hasMatched(peer: NodeId): boolean {
    return this.matched.has(peer);
  }

  /** Whom to ask next: ready members first, suspects last; null when nobody is left to ask. */
  next(): Member | null {
    const donors = this.donors();
    const unmatched = (donors.length > 0 ? donors : this.linked()).filter(({ id }) => !this.matched.has(id));
    const untried = unmatched.filter(({ id }) => !this.passedOver.has(id));
    const choice = untried.length > 0 || this.matched.size > 0 ? untried : unmatched;
    const alive = choice.filter(({ state }) => state === 'alive');
    return this.pick(alive) ?? this.pick(choice);
  }

  isComplete(): boolean {
    const { hasRoom, lookedEverywhere } = this.parts;
    const donors = this.donors();
    if (donors.length === 0)
      return lookedEverywhere() && this.linked().every(({ id }) => this.matched.has(id));
    if (!donors.some(({ id }) => this.matched.has(id))) return false;
    const isDone = ({ id }: Member): boolean => this.matched.has(id) || this.passedOver.has(id);
    return !hasRoom() || (donors.every(isDone) && (this.hasMetAll() || lookedEverywhere()));
  }

  private linked(): Member[] {
    return [...this.parts.membership.active()].filter(({ link, status }) => link !== null && status !== null);
  }

  private pick(members: readonly Member[]): Member | null {
    return members.length > 0 ? members[this.parts.prng.below(members.length)] : null;
  }

  private donors(): Member[] {
    return this.linked().filter(({ status }) => status?.ready === true);
  }

  private hasMetAll(): boolean {
    for (const { state, link, status } of this.parts.membership.active()) {
      if (state === 'alive' && (link === null || status === null)) return false;
    }
    return true;
  }
}
