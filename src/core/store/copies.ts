// Copies of small values for those who read: several share one buffer, because a buffer of its own
// costs more than the value. Whoever keeps one keeps its neighbours, so each kind of reader has its
// own: what is read and let go must not be kept by what waits.

const BUFFER_BYTES = 4096;
const SHARED_BYTES_MAX = 512;

export class Copies {
  private buffer = new Uint8Array(0);
  private filled = 0;

  of(bytes: Uint8Array, at: number, length: number): Uint8Array {
    if (length > SHARED_BYTES_MAX) return bytes.slice(at, at + length);
    if (this.filled + length > this.buffer.length) {
      this.buffer = new Uint8Array(BUFFER_BYTES);
      this.filled = 0;
    }
    const copy = this.buffer.subarray(this.filled, this.filled + length);
    copy.set(bytes.subarray(at, at + length));
    this.filled += length;
    return copy;
  }
}
