// A pull of records from one peer: all that it holds, a gap, or what differs. Plain state of
// Repair.
import type { NodeId } from '../base/identity';
import { LIMITS } from '../base/limits';
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
  /** Of all records. */
  readonly bytes: number;
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
  /** Since when its bytes are counted, and how many came since then. */
  pacedFromMs: number;
  pacedBytes: number;
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
    const nothing = { pacedBytes: 0, news: 0, refused: 0, roomless: 0 };
    this.current = { session, peer, kind, marks, progressAtMs: nowMs, pacedFromMs: nowMs, ...nothing };
    return session;
  }

  /** Records of it came; `news` of them were new here. */
  received(peer: NodeId, session: number, counts: PullCounts, nowMs: number): void {
    const { current } = this;
    if (current?.session !== session || current.peer !== peer) return;
    current.news += counts.news;
    current.refused += counts.refused;
    current.roomless += counts.roomless;
    current.pacedBytes += counts.bytes;
    current.progressAtMs = nowMs;
  }

  /** A piece of a large one came. */
  progressed(peer: NodeId, bytes: number, nowMs: number): void {
    if (this.current?.peer !== peer) return;
    this.current.pacedBytes += bytes;
    this.current.progressAtMs = nowMs;
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

  /**
   * It stands still, or it comes so slowly that it keeps this node from asking somebody else, if
   * there is anybody.
   */
  isGivenUp(nowMs: number, hasOthers: () => boolean): boolean {
    const { current } = this;
    if (current === null) return false;
    if (nowMs >= current.progressAtMs + TIMING.pullStalledMs) return true;
    if (nowMs < current.pacedFromMs + TIMING.pullPaceMs) return false;
    if (current.pacedBytes < LIMITS.pullPaceBytesMin && hasOthers()) return true;
    current.pacedFromMs = nowMs;
    current.pacedBytes = 0;
    return false;
  }

  /** When it is looked at unless something comes; Infinity when there is none. */
  get looksAtMs(): number {
    if (this.current === null) return Infinity;
    const { progressAtMs, pacedFromMs } = this.current;
    return Math.min(progressAtMs + TIMING.pullStalledMs, pacedFromMs + TIMING.pullPaceMs);
  }
}
