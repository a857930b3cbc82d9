// Deadlines of all entries, so that due ones are found without looking at the others: buckets of 64
// ms, each an intrusive doubly linked list, and a binary heap of the non-empty buckets. Insert and
// remove are O(1) but for the heap; nothing is allocated per entry. Exactness of expiry is not its
// business: reads compare the deadline itself.
import type { Entry } from './entry';

export const BUCKET_MS = 64;

export class DeadlineWheel {
  private readonly buckets = new Map<number, Entry>();
  private readonly heap: number[] = [];

  add(entry: Entry, atMs: number): void {
    entry.wheelAtMs = atMs;
    entry.bucket = Math.floor(atMs / BUCKET_MS);
    const head = this.buckets.get(entry.bucket);
    if (head === undefined) this.push(entry.bucket);
    else head.prev = entry;
    entry.prev = null;
    entry.next = head ?? null;
    this.buckets.set(entry.bucket, entry);
  }

  remove(entry: Entry): void {
    if (entry.prev !== null) entry.prev.next = entry.next;
    else if (entry.next !== null) this.buckets.set(entry.bucket, entry.next);
    else this.buckets.delete(entry.bucket); // its heap slot is skipped when it comes up
    if (entry.next !== null) entry.next.prev = entry.prev;
    entry.prev = null;
    entry.next = null;
  }

  /**
   * An entry of the earliest bucket that has ended by `nowMs`, still on the wheel; null when none
   * has.
   */
  due(nowMs: number): Entry | null {
    while (this.heap.length > 0 && (this.heap[0] + 1) * BUCKET_MS <= nowMs) {
      const head = this.buckets.get(this.heap[0]);
      if (head !== undefined) return head;
      this.pop();
    }
    return null;
  }

  /**
   * When the earliest bucket ends; Infinity when empty. May be early after removals, never late.
   */
  nextDeadlineMs(): number {
    return this.heap.length === 0 ? Infinity : (this.heap[0] + 1) * BUCKET_MS;
  }

  private push(bucket: number): void {
    const heap = this.heap;
    let at = heap.length;
    heap.push(bucket);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent] <= bucket) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = bucket;
  }

  private pop(): void {
    const heap = this.heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) child += 1;
      if (heap[child] >= last) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
  }
}
