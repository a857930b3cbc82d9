// The members by their ids, and those of them that take part: asked for with every frame, and
// listed anew only when somebody came, went or changed its state.
import type { NodeId } from '../base/identity';
import type { Member } from '../peer/member';

export class MemberTable extends Map<NodeId, Member> {
  private activeNow: readonly Member[] | null = null;

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
