// When which rows must be looked at next, without a word for each of them: the earliest deadline of
// every 128 rows, and a heap of these groups. A group whose time has come is looked through, which
// is one pass over 4 KiB. A group's time may be early after removals, never late. Exactness of
// expiry is not its business: reads compare the deadline itself.

/** Expiry looks at the clock in steps of this. */
export const BUCKET_MS = 64;
export const GROUP_BITS = 7;
const NOWHERE = -1;

/** The end of the step that `atMs` is in: when something due at `atMs` is taken off. */
export function stepEndMs(atMs: number): number {
  return (Math.floor(atMs / BUCKET_MS) + 1) * BUCKET_MS;
}

export class Deadlines {
  private earliest = new Float64Array(0);
  /** Where a group is in the heap. */
  private places = new Int32Array(0);
  private heap = new Int32Array(0);
  private size = 0;

  /** A row of `group` is due at `atMs`. */
  add(group: number, atMs: number): void {
    if (group >= this.earliest.length) this.grow(group);
    if (atMs < this.earliest[group]) this.set(group, atMs);
  }

  /** The earliest of a group is this now; Infinity when nothing of it is due ever. */
  set(group: number, atMs: number): void {
    this.earliest[group] = atMs;
    let place = this.places[group];
    if (place === NOWHERE) {
      if (atMs === Infinity) return;
      place = this.size;
      this.size += 1;
      this.put(group, place);
    }
    this.sink(this.rise(place));
  }

  /** The group with the earliest deadline, if that is past by `nowMs`; null when none is. */
  due(nowMs: number): number | null {
    return this.nextMs() <= nowMs ? this.heap[0] : null;
  }

  /** Infinity when nothing is due ever. */
  nextMs(): number {
    return this.size === 0 ? Infinity : stepEndMs(this.earliest[this.heap[0]]);
  }

  private rise(from: number): number {
    const group = this.heap[from];
    const atMs = this.earliest[group];
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.earliest[this.heap[parent]] <= atMs) break;
      this.put(this.heap[parent], place);
      place = parent;
    }
    this.put(group, place);
    return place;
  }

  private sink(from: number): void {
    const group = this.heap[from];
    const atMs = this.earliest[group];
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.timeAt(child + 1) < this.timeAt(child)) child += 1;
      if (this.timeAt(child) >= atMs) break;
      this.put(this.heap[child], place);
      place = child;
    }
    this.put(group, place);
  }

  private timeAt(place: number): number {
    return this.earliest[this.heap[place]];
  }

  private put(group: number, place: number): void {
    this.heap[place] = group;
    this.places[group] = place;
  }

  private grow(group: number): void {
    const length = Math.max(16, 2 * this.earliest.length, group + 1);
    const earliest = new Float64Array(length).fill(Infinity);
    earliest.set(this.earliest);
    this.earliest = earliest;
    const places = new Int32Array(length).fill(NOWHERE);
    places.set(this.places);
    this.places = places;
    const heap = new Int32Array(length);
    heap.set(this.heap);
    this.heap = heap;
  }
}
