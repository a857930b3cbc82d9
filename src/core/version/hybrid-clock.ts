// The hybrid logical clock of one node (Kulkarni, Demirbas et al. 2014) with the counter folded
// into the fraction of a millisecond. Invariants: a stamp is greater than the version it replaces,
// and than every stamp given or observed before as long as these are not further ahead of the wall
// clock than clocks may be apart: nothing drags it beyond that; it can be told to peers, whatever
// the wall clock says.
import { STAMP_MAX } from '../base/bounds';
import { HLC_TICKS_PER_MS } from '../base/version';

export class HybridClock {
  private last = 0;

  /** @param aheadMaxMs how far it may run ahead of the wall clock, milliseconds */
  constructor(private readonly aheadMaxMs: number) {}

  /**
   * A new stamp, 1 to `STAMP_MAX`; at that, in the year 2109, the order ends. `wallMs` is the
   * corrected wall clock, `aboveHlc` the stamp of the version to be replaced.
   */
  stamp(wallMs: number, aboveHlc = 0): number {
    const wall = Math.floor(wallMs * HLC_TICKS_PER_MS);
    const limit = this.limit(wallMs);
    // Beyond the limit the wall clock was set back: it begins anew, and each key goes on from its
    // own stamp.
    const next = Math.min(STAMP_MAX, Math.max(wall, this.last <= limit ? this.last + 1 : 1));
    const stamp = Math.min(STAMP_MAX, Math.max(next, aboveHlc + 1));
    this.last = stamp <= limit ? stamp : next;
    return stamp;
  }

  /** Keeps later stamps above one that a peer gave, but for one too far ahead. */
  observe(hlc: number, wallMs: number): void {
    if (hlc > this.last && hlc <= this.limit(wallMs)) this.last = hlc;
  }

  private limit(wallMs: number): number {
    return Math.floor((wallMs + this.aheadMaxMs) * HLC_TICKS_PER_MS);
  }
}
