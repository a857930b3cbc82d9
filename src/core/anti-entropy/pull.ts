// What a node asks of one peer to repair itself: a look at its leaves, and a pull of records. Plain state of Repair.
import type { Member } from '../membership/member';
import type { NodeId } from '../membership/identity';
import { TIMING } from '../node/settings';

/** `join`: everything. `gap`: an origin's own writes by number. `leaves`: all versions in differing leaves. */
export type PullKind = 'join' | 'gap' | 'leaves';

export interface Pull {
  readonly session: number;
  readonly peer: NodeId;
  readonly kind: PullKind;
  /** What the peer was known to hold before it began: at the end it is held here too. */
  readonly marks: ReadonlyMap<NodeId, number>;
  progressAtMs: number;
  news: number;
}

export function newPull(
  session: number,
  peer: NodeId,
  kind: PullKind,
  marks: ReadonlyMap<NodeId, number>,
  nowMs: number,
): Pull {
  return { session, peer, kind, marks: new Map(marks), progressAtMs: nowMs, news: 0 };
}

/** Looking at one peer's leaves, once or twice with a pause. */
export class Look {
  askAgainAtMs = Infinity;
  readonly endsAtMs: number;
  /** What the peer had told to hold before its last leaves. */
  marks: ReadonlyMap<NodeId, number> = new Map();
  private first: ReadonlySet<number> | null = null;

  constructor(
    readonly peer: NodeId,
    /** Milliseconds before the second look; null = there is none. */
    readonly secondAfterMs: number | null,
    nowMs: number,
  ) {
    this.endsAtMs = nowMs + TIMING.pullStalledMs + (secondAfterMs ?? 0);
  }

  /** The leaves to act on now; null when a second look must confirm them. */
  compare(differing: readonly number[], { marks }: Member): readonly number[] | null {
    this.marks = new Map(marks);
    const { first } = this;
    if (first !== null) return differing.filter((leaf) => first.has(leaf));
    if (this.secondAfterMs === null || differing.length === 0) return differing;
    this.first = new Set(differing);
    return null;
  }
}
