// What this node says of itself: alive, or on its way out, by an incarnation that only it raises.
import { INCARNATION_MAX } from '../base/bounds';
import type { NodeId, SelfIdentity } from '../base/identity';
import type { Member } from '../peer/member';
import type { ViewEntry } from '../wire/messages';
import type { Self } from './view';

export class OwnClaim implements Self {
  private current = 0;
  private isLeaving = false;

  constructor(readonly identity: SelfIdentity) {}

  get incarnation(): number {
    return this.current;
  }

  /** It takes no more writes. */
  get leaving(): boolean {
    return this.isLeaving;
  }

  /** False when it did so before. */
  leave(): boolean {
    const wasLeaving = this.isLeaving;
    this.isLeaving = true;
    return !wasLeaving;
  }

  /**
   * Answers what others say of it by a higher incarnation; false when there is nothing to refute.
   */
  refutes({ state, incarnation }: ViewEntry): boolean {
    if (this.isLeaving || state === 'alive' || incarnation < this.current) return false;
    this.current = Math.min(INCARNATION_MAX, incarnation + 1);
    return true;
  }
}

/**
 * Whether a claim that `member` is alive is worth more than what is known of it. Somebody may have
 * made up the highest incarnation there is: nothing is above it, and the member's own word does.
 */
export function outdoes({ incarnation }: ViewEntry, member: Member, teller: NodeId): boolean {
  if (incarnation > member.incarnation) return true;
  return incarnation === INCARNATION_MAX && member.state === 'dead' && teller === member.id;
}
