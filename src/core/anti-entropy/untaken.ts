// Versions that most clocks would let a node take, and that were refused here because its own clock
// is behind. They were acknowledged without this node, so what it holds is not all that there is. A
// read of one key asks others. A list and a stream of changes cannot, and say that nobody knows.
import type { NodeId } from '../base/identity';
import { TIMING } from '../base/settings';

export class Untaken {
  private refusedAtMs = -Infinity;
  /** Of whom this node lacks nothing since it refused something last. */
  private readonly levelWith = new Set<NodeId>();

  refuses(nowMs: number): void {
    this.refusedAtMs = nowMs;
    this.levelWith.clear();
  }

  /** Comparisons bring again what is lacking, and it is refused again. */
  lacksSome(nowMs: number): boolean {
    return nowMs - this.refusedAtMs < TIMING.refusedReadWindowMs;
  }

  /**
   * All that `peer` holds is held here. Nothing is lacking once that was so of every peer: one that
   * holds the same may have refused the same.
   */
  lacksNothingOf(peer: NodeId, peers: readonly NodeId[]): void {
    if (this.refusedAtMs === -Infinity) return;
    this.levelWith.add(peer);
    if (peers.every((id) => this.levelWith.has(id))) this.refusedAtMs = -Infinity;
  }
}
