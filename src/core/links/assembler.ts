// Puts chunked messages of one link together again. One transfer at a time; a gap or an overlap discards it, and
// anti-entropy brings the value later. Never allocates more than the largest allowed message, and that only for a whole chunk.
import { LIMITS } from '../base/settings';

export interface Assembled {
  readonly bytes: Uint8Array;
  /** Milliseconds between the writing of the message and its completion here. */
  readonly transitMs: number;
}

export class Assembler {
  private transfer = -1;
  private buffer = new Uint8Array(0);
  private received = 0;
  private firstTransitMs = 0;
  private firstAtMs = 0;

  /** @param chunkBytes what every chunk but the last carries at least */
  constructor(
    private readonly bytesMax: number,
    private readonly chunkBytes: number = LIMITS.chunkBytes,
  ) {}

  /** The whole message when this chunk completes it, `invalid` when it claims too much or brings too little, else null. */
  add(
    chunk: {
      readonly transfer: number;
      readonly total: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    },
    transitMs: number,
    monoMs: number,
  ): Assembled | 'invalid' | null {
    const endsAt = chunk.offset + chunk.bytes.byteLength;
    if (chunk.total > this.bytesMax || endsAt > chunk.total) return 'invalid';
    if (endsAt < chunk.total && chunk.bytes.byteLength < this.chunkBytes) return 'invalid';
    if (chunk.offset === 0) {
      this.transfer = chunk.transfer;
      this.buffer = new Uint8Array(chunk.total);
      this.received = 0;
      this.firstTransitMs = transitMs;
      this.firstAtMs = monoMs;
    }
    const fits = chunk.total === this.buffer.byteLength && chunk.offset === this.received;
    if (chunk.transfer !== this.transfer || !fits) {
      this.abandon();
      return null;
    }
    this.buffer.set(chunk.bytes, chunk.offset);
    this.received += chunk.bytes.byteLength;
    if (this.received < chunk.total) return null;
    const whole = { bytes: this.buffer, transitMs: this.firstTransitMs + (monoMs - this.firstAtMs) };
    this.abandon();
    return whole;
  }

  private abandon(): void {
    this.transfer = -1;
    this.buffer = new Uint8Array(0);
    this.received = 0;
  }
}
