// Lifeguard's local health (section IV.A): a node that misses acks, or is late itself, trusts its
// own probes less. The score multiplies probe interval and timeout; 0 is well, SCORE_MAX is the
// worst.

const SCORE_MAX = 8;

export class Awareness {
  private value = 0;

  get score(): number {
    return this.value;
  }

  /** What probe interval and timeout are multiplied with. */
  get factor(): number {
    return this.value + 1;
  }

  worsen(by = 1): void {
    this.value = Math.min(SCORE_MAX, this.value + by);
  }

  improve(): void {
    this.value = Math.max(0, this.value - 1);
  }
}
