// A node that stood still for seconds holds what was true before. Peers send it what it missed, but for the writes of a
// node that died meanwhile: those it learns of only by comparing itself with the others. Until then it is outdated.
import type { Member } from '../peer/member';
import type { NodeId } from '../base/identity';
import { TIMING } from '../base/settings';

export class Waking {
  /** Members it was not compared with since it woke, and whether a comparison was begun since. */
  private readonly uncompared = new Map<NodeId, boolean>();
  private endsAtMs = -Infinity;

  isOutdated(nowMs: number): boolean {
    return this.uncompared.size > 0 && nowMs < this.endsAtMs;
  }

  woke(members: Iterable<Member>, nowMs: number): void {
    this.endsAtMs = nowMs + TIMING.outdatedMaxMs;
    for (const { id } of members) this.uncompared.set(id, false);
  }

  comparing(id: NodeId): void {
    if (this.uncompared.has(id)) this.uncompared.set(id, true);
  }

  /** All that this member holds is here; by a comparison that may have begun before. */
  compared(id: NodeId): void {
    if (this.uncompared.get(id) === true) this.uncompared.delete(id);
  }

  /** It holds the same now, or is gone: then its last writes are with the others. */
  isDoneWith(id: NodeId): void {
    this.uncompared.delete(id);
  }
}
