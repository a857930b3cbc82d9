// The hybrid logical clock of one node (Kulkarni, Demirbas et al. 2014) with the counter folded into the fraction of
// a millisecond. Invariants: a stamp is greater than every stamp given or observed before; it follows the wall clock
// as long as that is ahead; it can be told to peers, whatever the wall clock says.
import { STAMP_MAX } from '../wire/bounds';
import { HLC_TICKS_PER_MS } from './version';

export class HybridClock {
  private last = 0;

  /** A new stamp, 1 to `STAMP_MAX`; at that, in the year 2109, the order ends. `wallMs` is the corrected wall clock. */
  stamp(wallMs: number): number {
    this.last = Math.min(STAMP_MAX, Math.max(this.last + 1, Math.floor(wallMs * HLC_TICKS_PER_MS)));
    return this.last;
  }

  /** Keeps later stamps above one that a peer gave; the caller has refused stamps too far ahead. */
  observe(hlc: number): void {
    if (hlc > this.last) this.last = hlc;
  }
}
