// Where each row of a long list lies, and which rows are worth drawing: those near the view, and a
// few more that the keyboard can reach from there. Pure arithmetic in pixels from the top of the
// list.

/** Rows from `first` up to, and without, `end`. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

export type Part =
  | { readonly kind: 'row'; readonly index: number }
  /** In place of all rows between the one behind `after` and the next that is drawn. */
  | { readonly kind: 'space'; readonly after: number; readonly heightPx: number };

/** A span begins and ends at a multiple of so many rows: not every scrolled row draws anew. */
const STEP_ROWS = 2;

export class RowPlaces {
  /** One more than there are rows: the last one is the height of all. */
  private readonly tops: Float64Array;

  /** @param heights of all rows, with the gap that belongs to each */
  constructor(heights: readonly number[]) {
    this.tops = new Float64Array(heights.length + 1);
    for (const [index, height] of heights.entries()) this.tops[index + 1] = this.topOf(index) + height;
  }

  get length(): number {
    return this.tops.length - 1;
  }

  /** @param index from 0 up to, and with, the number of rows */
  topOf(index: number): number {
    return this.tops[index] ?? 0;
  }

  /** @returns the row at this height, or the first or last one for what is beyond them */
  at(px: number): number {
    let low = 0;
    let high = Math.max(0, this.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.topOf(middle) <= px) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** @returns the rows that lie between these heights, in part or whole, and up to one step more */
  between(topPx: number, bottomPx: number): Span {
    if (bottomPx < 0 || topPx > this.topOf(this.length)) return { first: 0, end: 0 };
    const first = Math.floor(this.at(topPx) / STEP_ROWS) * STEP_ROWS;
    const end = Math.ceil((this.at(bottomPx) + 1) / STEP_ROWS) * STEP_ROWS;
    return { first, end: Math.min(this.length, end) };
  }

  /**
   * What to draw, from the first row to the last.
   *
   * @param kept rows that are drawn wherever they lie; those that are none are left out
   */
  parts(span: Span, kept: readonly number[]): Part[] {
    const drawn = new Set(kept.filter((index) => index >= 0 && index < this.length));
    for (let index = span.first; index < span.end; index += 1) drawn.add(index);
    const parts: Part[] = [];
    let next = 0;
    for (const index of [...drawn].sort((one, other) => one - other)) {
      this.addSpace(parts, next, index);
      parts.push({ kind: 'row', index });
      next = index + 1;
    }
    this.addSpace(parts, next, this.length);
    return parts;
  }

  private addSpace(parts: Part[], from: number, to: number): void {
    const heightPx = this.topOf(to) - this.topOf(from);
    if (to > from) parts.push({ kind: 'space', after: from - 1, heightPx });
  }
}
