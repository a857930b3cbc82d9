// Smoothed round-trip time of one peer (Jacobson/Karels as in RFC 6298): the probe timeout follows it.
import { TIMING } from '../node/settings';

export class RoundTrip {
  private srtt: number | null = null;
  private deviation = 0;
  private smallest = Infinity;

  /** `sampleMs` at least 0. */
  add(sampleMs: number): void {
    this.smallest = Math.min(this.smallest, sampleMs);
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

  /** max(100 ms, SRTT + 4 deviations). */
  probeTimeoutMs(): number {
    return Math.max(TIMING.probeTimeoutMinMs, (this.srtt ?? 0) + 4 * this.deviation);
  }
}
