// A node that stood still for seconds holds what was true before. Peers send it what it missed, but
// for the writes of a node that died meanwhile: those it learns of only by comparing itself with
// the others. Until then it is outdated.
import type { Member } from '../peer/member';
import type { NodeId } from '../base/identity';
import { TIMING } from '../base/settings';

export class Waking {
  /** Members it was not compared with since it woke, and whether a comparison was begun since. */
  private readonly uncompared = new Map<NodeId, boolean>();
  /** One of them ended before, and what it held is nowhere known to be. */
  private hasLost = false;
  private endsAtMs = -Infinity;
  private doubtsUntilMs = -Infinity;

  isOutdated(nowMs: number): boolean {
    return this.uncompared.size > 0 && nowMs < this.endsAtMs;
  }

  /**
   * Nobody was left to compare with: what is not held may have been written while it stood still.
   */
  isInDoubt(nowMs: number): boolean {
    return (this.hasLost || this.uncompared.size > 0) && nowMs < this.doubtsUntilMs;
  }

  woke(members: Iterable<Member>, nowMs: number): void {
    this.endsAtMs = nowMs + TIMING.outdatedMaxMs;
    this.doubtsUntilMs = nowMs + TIMING.doubtMaxMs;
    this.hasLost = false;
    for (const { id } of members) this.uncompared.set(id, false);
  }

  comparing(id: NodeId): void {
    if (this.uncompared.has(id)) this.uncompared.set(id, true);
  }

  /** All that this member holds is here; by a comparison that may have begun before. */
  compared(id: NodeId): void {
    if (this.uncompared.get(id) === true) this.isDoneWith(id);
  }

  /** It holds the same now. What members held that ended is with it, or with nobody. */
  isDoneWith(id: NodeId): void {
    if (this.uncompared.delete(id)) this.hasLost = false;
  }

  /** It ended. Its last writes are with the others, if there are any. */
  gone(id: NodeId): void {
    if (this.uncompared.delete(id)) this.hasLost = true;
  }
}
