// Smoothed round-trip time of one peer (Jacobson/Karels as in RFC 6298): the probe timeout follows
// it.
import { TIMING } from '../base/settings';

const SAMPLES_FOR_PASSAGE = 4;

export class RoundTrip {
  private srtt: number | null = null;
  private deviation = 0;
  private smallest = Infinity;
  /** Of which each began when the one before was over: what held up one held up no other. */
  private apart = 0;
  private lastEndedAtMs = -Infinity;

  /** `sampleMs` at least 0; it ends now. True when it began after the one before had ended. */
  add(sampleMs: number, nowMs: number): boolean {
    this.smallest = Math.min(this.smallest, sampleMs);
    const isApart = nowMs - sampleMs >= this.lastEndedAtMs;
    if (isApart) {
      this.apart += 1;
      this.lastEndedAtMs = nowMs;
    }
    this.smooth(sampleMs);
    return isApart;
  }

  /** There were enough samples apart for the fastest passage. */
  get isMeasured(): boolean {
    return this.apart >= SAMPLES_FOR_PASSAGE;
  }

  private smooth(sampleMs: number): void {
    if (this.srtt === null) {
      this.srtt = sampleMs;
      this.deviation = sampleMs / 2;
      return;
    }
    this.deviation += (Math.abs(sampleMs - this.srtt) - this.deviation) / 4;
    this.srtt += (sampleMs - this.srtt) / 8;
  }

  get srttMs(): number | null {
    return this.srtt;
  }

  get minMs(): number {
    return this.smallest === Infinity ? 0 : this.smallest;
  }

  /**
   * Half the fastest round trip; 0 until there were enough samples apart that one of them was
   * surely not held up.
   */
  get fastestPassageMs(): number {
    return this.isMeasured ? this.smallest / 2 : 0;
  }

  /** max(100 ms, SRTT + 4 deviations). */
  probeTimeoutMs(): number {
    return Math.max(TIMING.probeTimeoutMinMs, (this.srtt ?? 0) + 4 * this.deviation);
  }
}
