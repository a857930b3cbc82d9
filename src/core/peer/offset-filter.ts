// How long a frame was under way, without synchronised clocks: (received - sent) of two processes
// varies only by queueing and drift, so its minimum is the clocks' offset plus the fastest passage,
// and what exceeds it is delay. The minimum belongs to the pair of processes, not to a link: a
// frame held back while nothing else arrived, or the first on a new link, is still seen to be late.
// It rises by the largest drift of two clocks, and an answered ping bounds it from below, so that a
// peer whose clock stood still (a suspended machine) is not taken for late for ever. The fastest
// passage itself is taken as half the smallest round trip. A first frame that comes late was held
// up, or its sender stood still before it sent it: only a ping sent after it tells which.

/** Two clocks of 250 ppm each. */
const DRIFT_MAX = 500e-6;

/** A peer's first frame comes within this of its link, or was held up. */
const FIRST_FRAME_MS = 1000;
const ROUNDING_MS = 0.001;

export class OffsetFilter {
  private baseline = Infinity;
  private baselineAtMs = 0;
  private lastDifference = 0;
  private doubtedSinceMs = Infinity;

  /** No frame has been measured yet. */
  get isUnknown(): boolean {
    return this.baseline === Infinity;
  }

  /** How old is what comes is not known until a ping that was sent since then is answered. */
  get isInDoubt(): boolean {
    return this.doubtedSinceMs !== Infinity;
  }

  /** By how much the last frame was slower than the fastest. */
  get lateMs(): number {
    return this.isUnknown ? 0 : this.lastDifference - this.baseline;
  }

  doubt(nowMs: number): void {
    this.doubtedSinceMs = nowMs;
  }

  /**
   * Milliseconds the frame travelled, at least 0. `fastestMs` = half the smallest round trip seen,
   * 0 on one host. The very first frame of a peer was sent when its link came up; if it comes much
   * later than that, it may have been held up since then, and that is in doubt.
   */
  transitMs(sentMonoMs: number, receivedMonoMs: number, fastestMs: number, linkUpMs: number): number {
    const difference = receivedMonoMs - sentMonoMs;
    if (this.baseline === Infinity && receivedMonoMs - linkUpMs > FIRST_FRAME_MS) {
      this.baseline = linkUpMs - sentMonoMs;
      this.baselineAtMs = linkUpMs;
      this.doubt(receivedMonoMs);
    }
    const drifted = this.baseline + (receivedMonoMs - this.baselineAtMs) * DRIFT_MAX;
    this.baseline = Math.min(difference, drifted);
    this.baselineAtMs = receivedMonoMs;
    this.lastDifference = difference;
    return difference - this.baseline + fastestMs;
  }

  /**
   * The frame last measured answers a ping of `roundTripMs` ago: it was under way no longer than
   * that. True when this ends a doubt.
   */
  answered(roundTripMs: number): boolean {
    this.baseline = Math.max(this.baseline, this.lastDifference - roundTripMs);
    if (this.baselineAtMs - roundTripMs < this.doubtedSinceMs - ROUNDING_MS) return false;
    this.doubtedSinceMs = Infinity;
    return true;
  }
}
