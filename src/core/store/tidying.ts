// Closes the gaps that ended versions leave in segments: records are moved together, a few at a time.
import { RecordForm } from './record';
import type { Rows } from './rows';
import type { Segments } from './segments';

/** What looking at a record costs, beside its bytes. */
const RECORD_COST = 64;

export class Tidying {
  private readonly moved = new RecordForm();

  constructor(
    private readonly rows: Rows,
    private readonly segments: Segments,
  ) {}

  /** As far as looking at so many bytes leads. */
  tidy(budgetBytes: number): void {
    let rest = budgetBytes;
    while (rest > 0 && this.segments.hasManyGaps) {
      const place = this.segments.nextToMove();
      if (place === null) return;
      const bytes = this.segments.bytesOf(place);
      const at = this.segments.offsetOf(place);
      const isThere = this.moved.read(bytes, at);
      this.segments.pass(this.moved.length);
      rest -= this.moved.length + RECORD_COST;
      if (isThere) this.move(place, bytes, at);
    }
  }

  private move(from: number, bytes: Uint8Array, at: number): void {
    const { moved } = this;
    const { size, keyAt } = moved;
    const isWhole = !moved.hasLostValue;
    const to = this.segments.take(isWhole ? size : moved.measure());
    const target = this.segments.bytesOf(to);
    const offset = this.segments.offsetOf(to);
    if (isWhole) target.set(bytes.subarray(at, at + size), offset);
    else {
      moved.write(target, offset);
      target.set(bytes.subarray(keyAt, keyAt + moved.keyLength + moved.inlineLength), moved.keyAt);
    }
    this.rows.setPlace(moved.row, to);
    this.segments.give(from, size);
  }
}
