// How long a suspect may still refute (Lifeguard, Dadgar et al. 2017, section IV.B): starts at the
// maximum and shrinks with the logarithm of independent confirmations to the minimum.
import { TIMING } from '../base/settings';
import type { NodeId } from '../base/identity';

/** Many times what shortens a suspicion; more names are made up or needless. */
const CONFIRMERS_MAX = 32;

/**
 * Total milliseconds of suspicion after `confirmations` of at most `k` expected ones; `minMs` at k.
 */
export function suspicionMs(confirmations: number, k: number, minMs: number, maxMs: number): number {
  if (k < 1) return minMs;
  const share = Math.log(Math.min(confirmations, k) + 1) / Math.log(k + 1);
  return Math.max(minMs, maxMs - (maxMs - minMs) * share);
}

/** A suspicion that begins now; confirmations can come from `others` at most. */
export function suspicionOf(isOfOwnHost: boolean, by: NodeId, others: number, nowMs: number): Suspicion {
  const intervalMs = isOfOwnHost ? TIMING.probeIntervalLocalMs : TIMING.probeIntervalRemoteMs;
  const maxIntervals = isOfOwnHost ? TIMING.suspicionMaxIntervalsLocal : TIMING.suspicionMaxIntervalsRemote;
  const k = Math.min(TIMING.indirectProbes, others);
  const minMs = intervalMs * TIMING.suspicionMinIntervals;
  return new Suspicion(nowMs, by, k, minMs, intervalMs * maxIntervals);
}

export class Suspicion {
  private readonly confirmers: NodeId[];
  /**
   * From its start to its end, as of the confirmations so far: asked for far more often than it
   * changes.
   */
  private spanMs: number;

  constructor(
    private startedAtMs: number,
    by: NodeId,
    /** Confirmations expected: as many as could come from others. */
    private readonly k: number,
    private readonly minMs: number,
    private readonly maxMs: number,
  ) {
    this.confirmers = [by];
    this.spanMs = this.span();
  }

  /** True when `by` had not said so before. */
  confirm(by: NodeId): boolean {
    if (this.confirmers.length >= CONFIRMERS_MAX || this.confirmers.includes(by)) return false;
    this.confirmers.push(by);
    this.spanMs = this.span();
    return true;
  }

  /** Who said so last; passed on with the rumor, so that relaying never counts as confirming. */
  get by(): NodeId {
    return this.confirmers[this.confirmers.length - 1];
  }

  deadlineMs(): number {
    return this.startedAtMs + this.spanMs;
  }

  /** The observer itself was paused: the suspect gets that time back. */
  postpone(byMs: number): void {
    this.startedAtMs += byMs;
  }

  private span(): number {
    return suspicionMs(this.confirmers.length - 1, this.k, this.minMs, this.maxMs);
  }
}
