// The simulator's randomness: xoshiro128** (Blackman, Vigna 2018), seeded by SplitMix32. Each
// concern (network, faults, workload, hosts) draws from a fork of its own, so that changing one
// leaves the others' draws alone.

export class Prng {
  private readonly state: Uint32Array;

  constructor(seed: number) {
    let s = seed >>> 0;
    this.state = Uint32Array.from({ length: 4 }, () => {
      s = (s + 0x9e3779b9) >>> 0;
      const z = Math.imul(s ^ (s >>> 16), 0x21f0aaad);
      const y = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return y ^ (y >>> 15);
    });
  }

  /** A uniform integer in 0..2^32-1. */
  next(): number {
    const s = this.state;
    const product = Math.imul(s[1], 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** A uniform real in [low, high). */
  between(low: number, high: number): number {
    return low + ((high - low) * this.next()) / 0x1_0000_0000;
  }

  /** A uniform integer in 0..bound-1. */
  below(bound: number): number {
    return Math.floor(this.between(0, bound));
  }

  chance(probability: number): boolean {
    return probability > 0 && this.between(0, 1) < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('nothing to pick from');
    return items[this.below(items.length)];
  }

  /** 16 lowercase hexadecimal digits. */
  id(): string {
    return [this.next(), this.next()].map((half) => half.toString(16).padStart(8, '0')).join('');
  }

  fork(): Prng {
    return new Prng(this.next());
  }
}
