// A comparison with the leaves of one peer's hash tree, once or twice with a pause: what differs
// both times was no write under way. Plain state of Repair.
import type { NodeId } from '../base/identity';
import { TIMING } from '../base/settings';
import type { Member } from '../peer/member';

export class LeafComparison {
  askAgainAtMs = Infinity;
  readonly endsAtMs: number;
  /**
   * What the peer had told to hold before its first leaves. What differs in the second ones alone
   * may be newer, and is not looked into.
   */
  marks: ReadonlyMap<NodeId, number> = new Map();
  private first: ReadonlySet<number> | null = null;

  constructor(
    readonly peer: NodeId,
    /** Milliseconds before the leaves are asked for once more; null = once is enough. */
    readonly confirmAfterMs: number | null,
    nowMs: number,
  ) {
    this.endsAtMs = nowMs + TIMING.pullStalledMs + (confirmAfterMs ?? 0);
  }

  /** The leaves to act on now; null when they must be confirmed by asking once more. */
  compare(differing: readonly number[], { marks }: Member): readonly number[] | null {
    const { first } = this;
    if (first !== null) return differing.filter((leaf) => first.has(leaf));
    this.marks = new Map(marks);
    if (this.confirmAfterMs === null || differing.length === 0) return differing;
    this.first = new Set(differing);
    return null;
  }
}
