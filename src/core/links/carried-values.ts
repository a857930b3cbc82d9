// The large values that wait on one link or are half sent. Over a slow way one of them takes many
// seconds. Meanwhile its peer misses it and asks for it, over and over; it gets no second copy.
import { LIMITS } from '../base/limits';

export class CarriedValues {
  private readonly counts = new Map<Uint8Array, number>();

  has(value: Uint8Array): boolean {
    return this.counts.has(value);
  }

  add(value: Uint8Array | null): void {
    if (value === null || value.byteLength <= LIMITS.chunkBytes) return;
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
  }

  remove(value: Uint8Array | null): void {
    const count = value === null ? undefined : this.counts.get(value);
    if (value === null || count === undefined) return;
    if (count > 1) this.counts.set(value, count - 1);
    else this.counts.delete(value);
  }
}
