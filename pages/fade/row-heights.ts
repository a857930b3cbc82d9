// How tall each row is: as measured, or as its text lets expect until it was drawn once.
import type { Row } from './board';
import { isLong } from './folding';

/** What a list is like; measured heights hold only for this. */
export interface Layout {
  readonly widthPx: number;
  /** Pixels of one rem. */
  readonly remPx: number;
}

/** A row without its text, with the gap to the one above, in rem. The style sheet says the same. */
const FRAME_REM = 6.4;
const LINE_REM = 1.72;
const CHARACTER_REM = 0.59;
const PADDING_REM = 2.6;
/** Long texts are folded to this height; below is the button that unfolds. */
const FOLDED_REM = 14.3;

export class RowHeights {
  private known = new WeakMap<Row, number>();
  private layout: Layout = { widthPx: 0, remPx: 16 };

  /** What is known of another layout is forgotten. @returns whether it is another one */
  laidOut(layout: Layout): boolean {
    if (layout.widthPx === this.layout.widthPx && layout.remPx === this.layout.remPx) return false;
    this.layout = layout;
    this.known = new WeakMap();
    return true;
  }

  /** @param heightPx with the gap that belongs to the row @returns whether that is news */
  measure(row: Row, heightPx: number): boolean {
    if (Math.abs(this.of(row) - heightPx) < 0.5) return false;
    this.known.set(row, heightPx);
    return true;
  }

  of(row: Row): number {
    const known = this.known.get(row);
    if (known !== undefined) return known;
    const expected = this.expected(row.message.content.text);
    this.known.set(row, expected);
    return expected;
  }

  private expected(text: string): number {
    const { widthPx, remPx } = this.layout;
    if (isLong(text)) return (FRAME_REM + FOLDED_REM) * remPx;
    const perLine = Math.max(1, (widthPx / remPx - PADDING_REM) / CHARACTER_REM);
    const lines = text
      .split('\n')
      .reduce((sum, { length }) => sum + Math.max(1, Math.ceil(length / perLine)), 0);
    return (FRAME_REM + LINE_REM * lines) * remPx;
  }
}
