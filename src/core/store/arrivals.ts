// The order in which rows came, as a list through the rows themselves, and walks along it that stay
// right while rows come and go: whatever is there throughout is met exactly once, and what is put
// at the end is met too.
import { NONE, type Rows } from './rows';

/** Before the first row of a list. */
const START = -1;

export class Arrivals {
  private head = NONE;
  private tail = NONE;
  private count = 0;
  private readonly walks = new Set<Walk>();

  constructor(private readonly rows: Rows) {}

  get size(): number {
    return this.count;
  }

  /** NONE when there is none. */
  get first(): number {
    return this.head;
  }

  append(row: number): void {
    this.rows.setPrevious(row, this.tail);
    this.rows.setNext(row, NONE);
    if (this.tail === NONE) this.head = row;
    else this.rows.setNext(this.tail, row);
    this.tail = row;
    this.count += 1;
  }

  remove(row: number): void {
    const previous = this.rows.previous(row);
    const next = this.rows.next(row);
    if (previous === NONE) this.head = next;
    else this.rows.setNext(previous, next);
    if (next === NONE) this.tail = previous;
    else this.rows.setPrevious(next, previous);
    this.count -= 1;
    if (this.walks.size === 0) return;
    for (const walk of this.walks) if (walk.at === row) walk.at = previous === NONE ? START : previous;
  }

  /** To be closed. */
  walk(): Walk {
    const walk: Walk = new Walk(
      (at) => (at === START ? this.head : this.rows.next(at)),
      () => this.walks.delete(walk),
    );
    this.walks.add(walk);
    return walk;
  }
}

export class Walk {
  /** The row met last. */
  at = START;

  constructor(
    private readonly after: (at: number) => number,
    private readonly forget: () => void,
  ) {}

  /** NONE at the end; there may be more later. */
  next(): number {
    const row = this.after(this.at);
    if (row !== NONE) this.at = row;
    return row;
  }

  close(): void {
    this.forget();
  }
}
