// What a node's figures were during the last minutes, one reading per look. Bounded, and the same
// length for every figure, so that all plots of a node share one axis of time.
export const READINGS_MAX = 300;

export const FIGURES = [
  'writes',
  'reads',
  'keys',
  'usedBytes',
  'missing',
  'loopDelayMs',
  'rttMs',
  'clockOffsetMs',
] as const;
export type Figure = (typeof FIGURES)[number];
/** null: not known at that time. A plot shows a gap there. */
export type Reading = Readonly<Record<Figure, number | null>>;

/** Where nothing was known, for one that is not heard. */
export const UNKNOWN: Reading = {
  writes: null,
  reads: null,
  keys: null,
  usedBytes: null,
  missing: null,
  loopDelayMs: null,
  rttMs: null,
  clockOffsetMs: null,
};

export class History {
  /** Seconds since 1970, as the plots want them. */
  readonly times: number[] = [];
  private readonly series = new Map<Figure, (number | null)[]>(FIGURES.map((figure) => [figure, []]));

  add(atMs: number, reading: Reading): void {
    this.times.push(atMs / 1000);
    for (const [figure, values] of this.series) values.push(reading[figure]);
    if (this.times.length <= READINGS_MAX) return;
    this.times.shift();
    for (const values of this.series.values()) values.shift();
  }

  of(figure: Figure): readonly (number | null)[] {
    return this.series.get(figure) ?? [];
  }

  /** The largest known value; null without any. */
  highest(figure: Figure): number | null {
    return this.of(figure).reduce<number | null>(
      (most, value) => (value === null ? most : Math.max(most ?? value, value)),
      null,
    );
  }
}
