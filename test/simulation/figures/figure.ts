// What a figure is: a name to ask for, what it needs to be told, and the rows it measures.

export interface FigureOptions {
  /** Runs, each with a seed of its own, per row. */
  readonly runs: number | null;
  /** Keys to catch up with. */
  readonly keys: number | null;
  /** Virtual hours, where a figure takes long. */
  readonly hours: number | null;
  /** Sizes of the networks. */
  readonly sizes: readonly number[] | null;
}

export interface Row {
  readonly what: string;
  readonly measured: string;
}

export interface Figure {
  readonly name: string;
  readonly what: string;
  /** Yields each row when it is measured. */
  readonly measure: (options: FigureOptions) => Iterable<Row>;
}

/** Nearest rank; null counts as never. */
export function spread(samples: readonly (number | null)[]): string {
  if (samples.length === 0) return 'no samples';
  const sorted = samples.map((sample) => sample ?? Infinity).sort((a, b) => a - b);
  const at = (share: number): string => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    return value === Infinity ? 'never' : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  };
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)} (${sorted.length} samples)`;
}

export function ratio(of: number, per: number): string {
  return (of / Math.max(1, per)).toFixed(2);
}
