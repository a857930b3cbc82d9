// How long a frame was under way, without synchronised clocks: (received - sent) of a link varies only by queueing and
// drift, so its recent minimum is the clocks' offset plus the fastest passage, and what exceeds it is delay. Two
// windows of 10 s bound the error that drift adds (200 ppm: 4 ms). The fastest passage itself is taken as half the
// smallest round trip.

const WINDOW_MS = 10_000;

export class OffsetFilter {
  private windowEndMs = -Infinity;
  private previousMin = Infinity;
  private currentMin = Infinity;

  /** Milliseconds the frame travelled, at least 0. `fastestMs` = half the smallest round trip seen, 0 on one host. */
  transitMs(sentMonoMs: number, receivedMonoMs: number, fastestMs: number): number {
    const difference = receivedMonoMs - sentMonoMs;
    if (receivedMonoMs >= this.windowEndMs) {
      this.previousMin = receivedMonoMs >= this.windowEndMs + WINDOW_MS ? Infinity : this.currentMin;
      this.currentMin = Infinity;
      this.windowEndMs = receivedMonoMs + WINDOW_MS;
    }
    this.currentMin = Math.min(this.currentMin, difference);
    return difference - Math.min(this.currentMin, this.previousMin) + fastestMs;
  }
}
