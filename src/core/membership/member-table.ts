// The members by their ids, and those of them that take part: asked for with every frame, and
// listed anew only when somebody came, went or changed its state. What was taken in of the writes
// of one that goes is kept.
import type { NodeId } from '../base/identity';
import { LIMITS } from '../base/limits';
import type { Departed } from '../peer/departed';
import type { Member } from '../peer/member';

export class MemberTable extends Map<NodeId, Member> {
  private activeNow: readonly Member[] | null = null;

  constructor(private readonly departed: Departed) {
    super();
  }

  override set(id: NodeId, member: Member): this {
    const known = this.departed.take(id);
    if (known !== undefined) member.reception.adopt(known.vouched);
    return super.set(id, member);
  }

  override delete(id: NodeId): boolean {
    const member = this.get(id);
    if (member !== undefined && member.reception.vouched > 0) this.departed.keep(id, member.reception);
    this.changed();
    return super.delete(id);
  }

  prune(byId: Map<NodeId, unknown>, self: NodeId): void {
    if (byId.size <= LIMITS.membersRemembered) return;
    for (const id of byId.keys())
      if (!this.has(id) && id !== self && this.departed.get(id) === undefined) byId.delete(id);
  }

  /** As of now: what happens to them while they are gone through does not show in it. */
  active(): readonly Member[] {
    this.activeNow ??= [...this.values()].filter((member) => member.isActive);
    return this.activeNow;
  }

  /** Somebody came, went or changed its state. */
  changed(): void {
    this.activeNow = null;
  }

  at(hostId: string, listenPort: number): Member | undefined {
    for (const member of this.values()) {
      if (member.identity.hostId === hostId && member.identity.listenPort === listenPort) return member;
    }
    return undefined;
  }
}
