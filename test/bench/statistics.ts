// Percentiles of measured samples. Nearest rank: each is a value that was really measured, and with
// fewer than a hundred samples the 99th percentile is the maximum.

export interface Summary {
  readonly samples: number;
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Throws on no samples: a bench that measured nothing has failed. */
export function summarize(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new Error('there is nothing to summarize');
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  return {
    samples: sorted.length,
    min: sorted[0],
    p50: at(0.5),
    p99: at(0.99),
    max: sorted[sorted.length - 1],
  };
}

export function median(samples: readonly number[]): number {
  return summarize(samples).p50;
}

/** The lower quartile, the median and the upper quartile, by nearest rank. */
export function quartiles(samples: readonly number[]): [number, number, number] {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return [at(0.25), at(0.5), at(0.75)];
}

/**
 * A small seeded generator (mulberry32), so that a run with the same seed has the same delays and
 * victims.
 */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
