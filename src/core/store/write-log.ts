// The keys of this node's own last writes by their numbers, so that a peer that missed some can be
// given exactly those. Only keys: a write that was overwritten or has expired since need not be
// given any more.

import { Unshared } from './unshared';

/** Bytes of keys kept; above it the oldest are forgotten before their time. */
const KEY_BYTES_MAX = 8 * 1024 * 1024;

export class WriteLog {
  private readonly keys: string[] = [];
  private count = 0;
  private oldest = 1;
  private keyBytes = 0;

  /** Those that nobody else is known to hold. */
  readonly unshared: Unshared;

  /** @param capacity writes remembered */
  constructor(private readonly capacity = 65_536) {
    this.unshared = new Unshared(capacity);
  }

  /** The number of the last write, 0 before the first. */
  get last(): number {
    return this.count;
  }

  /** The first number still remembered; `last` + 1 when there is none. */
  get first(): number {
    return this.oldest;
  }

  /** Returns the number of this write. */
  append(key: string): number {
    this.count += 1;
    if (this.count - this.oldest >= this.capacity) this.forgetOldest();
    this.keys[this.count % this.capacity] = key;
    this.keyBytes += key.length;
    while (this.keyBytes > KEY_BYTES_MAX && this.oldest < this.count) this.forgetOldest();
    return this.count;
  }

  /** Undefined for numbers no longer, or not yet, in use. */
  keyOf(seq: number): string | undefined {
    return seq < this.oldest || seq > this.count ? undefined : this.keys[seq % this.capacity];
  }

  private forgetOldest(): void {
    const slot = this.oldest % this.capacity;
    this.keyBytes -= this.keys[slot].length;
    this.keys[slot] = '';
    this.oldest += 1;
  }
}
