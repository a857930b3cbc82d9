// A pull of records from one peer: all that it holds, a gap, or what differs. Plain state of
// Repair.
import type { NodeId } from '../base/identity';
import { TIMING } from '../base/settings';

/**
 * `join`: everything. `gap`: an origin's own writes by number. `leaves`: all versions in differing
 * leaves.
 */
export type PullKind = 'join' | 'gap' | 'leaves';

export interface PullCounts {
  readonly news: number;
  readonly refused: number;
  readonly roomless: number;
}

export interface Pull {
  readonly session: number;
  readonly peer: NodeId;
  readonly kind: PullKind;
  /**
   * What the peer was known to hold before it began: at the end it is held here too. Null when it
   * was asked for less than what differs.
   */
  readonly marks: ReadonlyMap<NodeId, number> | null;
  progressAtMs: number;
  news: number;
  /** Records of it that were not taken, for their stamp. */
  refused: number;
  /** And for want of room. */
  roomless: number;
}

/** The pull under way: there is one at most. */
export class Pulling {
  current: Pull | null = null;
  /** Whose missing writes were asked for last. */
  lastGapOf: NodeId | null = null;
  private sessions = 0;

  /** Returns the session to ask with. */
  begin(peer: NodeId, kind: PullKind, told: ReadonlyMap<NodeId, number> | null, nowMs: number): number {
    this.sessions += 1;
    const session = this.sessions;
    if (kind === 'gap') this.lastGapOf = peer;
    const marks = told === null ? null : new Map(told);
    this.current = { session, peer, kind, marks, progressAtMs: nowMs, news: 0, refused: 0, roomless: 0 };
    return session;
  }

  /** Records of it came; `news` of them were new here. */
  received(peer: NodeId, session: number, counts: PullCounts, nowMs: number): void {
    const { current } = this;
    if (current?.session !== session || current.peer !== peer) return;
    current.news += counts.news;
    current.refused += counts.refused;
    current.roomless += counts.roomless;
    current.progressAtMs = nowMs;
  }

  /** Ends it; null when this is none that is under way. */
  end(peer: NodeId, session: number): Pull | null {
    const { current } = this;
    if (current?.session !== session || current.peer !== peer) return null;
    this.current = null;
    return current;
  }

  abandon(peer: NodeId): void {
    if (this.current?.peer === peer) this.current = null;
  }

  /** When it is given up unless something comes; Infinity when there is none. */
  get stallsAtMs(): number {
    return this.current === null ? Infinity : this.current.progressAtMs + TIMING.pullStalledMs;
  }
}
