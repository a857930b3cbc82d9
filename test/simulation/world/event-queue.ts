// Virtual time: a binary heap of closures ordered by (time, order of scheduling), so equal times
// replay equally.

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

function precedes(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

export class EventQueue {
  /** True time in milliseconds since the simulation began. */
  nowMs = 0;
  /** Events run so far. */
  ran = 0;
  /** Nothing runs any more. */
  isHalted = false;
  private scheduled = 0;
  private readonly heap: Event[] = [];

  /** Runs `run` at `atMs`, or now when that is past. */
  at(atMs: number, run: () => void): void {
    this.scheduled += 1;
    this.push({ atMs: Math.max(atMs, this.nowMs), order: this.scheduled, run });
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.nowMs + delayMs, run);
  }

  /** Runs `run` every `periodMs` from now on, until it returns false. */
  every(periodMs: number, run: () => boolean): void {
    this.after(periodMs, () => {
      if (run()) this.every(periodMs, run);
    });
  }

  runUntil(endMs: number): void {
    while (!this.isHalted && this.heap.length > 0 && this.heap[0].atMs <= endMs) {
      const event = this.pop();
      this.nowMs = event.atMs;
      this.ran += 1;
      event.run();
    }
    this.nowMs = endMs;
  }

  private push(event: Event): void {
    const heap = this.heap;
    let i = heap.length;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!precedes(event, heap[parent])) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = event;
  }

  private pop(): Event {
    const heap = this.heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && precedes(heap[child + 1], heap[child])) child += 1;
      if (!precedes(heap[child], last)) break;
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = last;
    return first;
  }
}
