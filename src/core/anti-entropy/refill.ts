// Versions that are known here without their bytes, for want of room when they replaced what was
// held. Their hashes equal everybody's, so no comparison finds them. When room has come back their
// leaves are asked for, of one ready member after the other, until none is left.
import type { NodeId } from '../base/identity';
import type { Membership } from '../membership/membership';
import type { Member } from '../peer/member';
import type { Fullness } from '../store/fullness';
import type { Store } from '../store/store';
import type { Pulling } from './pulling';

export interface RefillParts {
  readonly store: Store;
  readonly fullness: Fullness;
  readonly membership: Membership;
}

export class Refill {
  private isDue = false;
  private readonly asked = new Set<NodeId>();

  constructor(private readonly parts: RefillParts) {}

  /** Once for each time that room came back: then everybody may be asked anew. */
  takeReturnedRoom(): boolean {
    if (!this.parts.fullness.takeReturnedRoom()) return false;
    this.isDue = true;
    this.asked.clear();
    return true;
  }

  /** Begins the next pull, if there is something to ask for and somebody to ask. */
  goOn(pulling: Pulling, nowMs: number): void {
    if (!this.isDue) return;
    const leaves = this.parts.store.leavesNotHeld();
    this.isDue = leaves.length > 0;
    const member = this.isDue ? this.nextMember() : null;
    if (member === null) return;
    this.asked.add(member.id);
    const session = pulling.begin(member.id, 'leaves', null, nowMs);
    member.link?.say({ type: 'syncRequest', session, leaves });
  }

  private nextMember(): Member | null {
    for (const member of this.parts.membership.active())
      if (member.link !== null && member.status?.ready === true && !this.asked.has(member.id)) return member;
    return null;
  }
}
