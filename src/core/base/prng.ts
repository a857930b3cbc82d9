// The core's only randomness: a seeded generator, so that a seed replays a run exactly. SplitMix32
// (Steele, Lea, Flood 2014, the 32-bit finaliser); good enough for jitter, shuffles and choice of
// peers, not for secrets.

export class Prng {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A uniform integer in 0..2^32-1. */
  next(): number {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  }

  /** A uniform integer in 0..bound-1; `bound` at least 1. */
  below(bound: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * bound);
  }

  /**
   * `value` moved by at most 20 % either way, so that nodes started together do not stay in step.
   */
  jitter(value: number): number {
    return value * (0.8 + (0.4 * this.next()) / 0x1_0000_0000);
  }

  /** Shuffles in place (Fisher-Yates). */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i -= 1) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }
}
