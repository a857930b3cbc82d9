// The hybrid logical clock of one node (Kulkarni, Demirbas et al. 2014) with the counter folded
// into the fraction of a millisecond. Invariants: a stamp is greater than the version it replaces,
// and than every stamp given or observed before as long as these are not further ahead of the wall
// clock than clocks may be apart: nothing drags it beyond that; it can be told to peers, whatever
// the wall clock says.
import { STAMP_MAX, WALL_MS_MAX } from '../base/bounds';
import { HLC_TICKS_PER_MS } from '../base/version';

export class HybridClock {
  private last = 0;

  /** @param aheadMaxMs how far it may run ahead of the wall clock, milliseconds */
  constructor(private readonly aheadMaxMs: number) {}

  /**
   * A new stamp, 1 to `STAMP_MAX`; at that, in the year 2109, the order ends (`canStamp`). `wallMs`
   * is the corrected wall clock, `aboveHlc` the stamp of the version to be replaced.
   */
  stamp(wallMs: number, aboveHlc = 0): number {
    const limit = this.limit(wallMs);
    const next = Math.min(STAMP_MAX, this.following(wallMs));
    const stamp = Math.min(STAMP_MAX, Math.max(next, aboveHlc + 1));
    this.last = stamp <= limit ? stamp : next;
    return stamp;
  }

  /**
   * Whether the next stamp will be above `aboveHlc`. Not at the end of the order: a version stamped
   * there could never be replaced, not even once the clock is right again.
   */
  canStamp(wallMs: number, aboveHlc = 0): boolean {
    return wallMs < WALL_MS_MAX && aboveHlc < STAMP_MAX && this.following(wallMs) < STAMP_MAX;
  }

  /** Keeps later stamps above one that a peer gave, but for one too far ahead. */
  observe(hlc: number, wallMs: number): void {
    if (hlc > this.last && hlc <= this.limit(wallMs)) this.last = hlc;
  }

  /**
   * By the wall clock and what was given before. Beyond the limit the wall clock was set back: it
   * begins anew, and each key goes on from its own stamp.
   */
  private following(wallMs: number): number {
    const wall = Math.floor(wallMs * HLC_TICKS_PER_MS);
    return Math.max(wall, this.last <= this.limit(wallMs) ? this.last + 1 : 1);
  }

  private limit(wallMs: number): number {
    return Math.floor((wallMs + this.aheadMaxMs) * HLC_TICKS_PER_MS);
  }
}
