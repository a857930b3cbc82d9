// Puts chunked messages of one link together again. One transfer at a time; a gap or an overlap
// discards it, and so does a lack of room (./assembly-room.ts): anti-entropy brings the value
// later. Holds what has arrived and nothing for what has not.
import { LIMITS } from '../base/settings';
import type { Arriving, AssemblyRoom } from './assembly-room';

export interface Assembled {
  readonly bytes: Uint8Array;
  /** Milliseconds between the writing of the message and its completion here. */
  readonly transitMs: number;
}

interface Chunk {
  readonly transfer: number;
  readonly total: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export class Assembler implements Arriving {
  /**
   * Something was dropped for lack of room or for standing still since whoever asked for all there
   * is set this.
   */
  hasLost = false;
  heldBytes = 0;
  beganAtMs = 0;
  movedAtMs = 0;
  private transfer = -1;
  private total = 0;
  private pieces: Uint8Array[] = [];
  private received = 0;
  private firstTransitMs = 0;

  /** @param chunkBytes what every chunk but the last carries at least */
  constructor(
    private readonly bytesMax: number,
    private readonly room: AssemblyRoom,
    private readonly chunkBytes: number = LIMITS.chunkBytes,
  ) {}

  get isUnderWay(): boolean {
    return this.transfer !== -1;
  }

  /**
   * The whole message when this chunk completes it, `invalid` when it claims too much or brings too
   * little, else null.
   */
  add(chunk: Chunk, transitMs: number, monoMs: number): Assembled | 'invalid' | null {
    const endsAt = chunk.offset + chunk.bytes.byteLength;
    if (chunk.total > this.bytesMax || endsAt > chunk.total) return 'invalid';
    if (endsAt < chunk.total && chunk.bytes.byteLength < this.chunkBytes) return 'invalid';
    if (chunk.offset === 0) this.begin(chunk, transitMs, monoMs);
    const fits = chunk.total === this.total && chunk.offset === this.received;
    if (chunk.transfer !== this.transfer || !fits) {
      this.abandon();
      return null;
    }
    if (endsAt < chunk.total) {
      this.keep(chunk.bytes, monoMs);
      return null;
    }
    const bytes = joined([...this.pieces, chunk.bytes], chunk.total);
    const whole = { bytes, transitMs: this.firstTransitMs + (monoMs - this.beganAtMs) };
    this.abandon();
    return whole;
  }

  drop(): void {
    this.hasLost = true;
    this.abandon();
  }

  /** Lets go of what is under way. */
  abandon(): void {
    this.room.release(this);
    this.transfer = -1;
    this.total = 0;
    this.pieces = [];
    this.received = 0;
    this.heldBytes = 0;
  }

  private begin({ transfer, total }: Chunk, transitMs: number, monoMs: number): void {
    this.abandon();
    this.transfer = transfer;
    this.total = total;
    this.firstTransitMs = transitMs;
    this.beganAtMs = monoMs;
    this.movedAtMs = monoMs;
  }

  /**
   * A view would keep the whole frame: what is a small part of one is copied, and what is kept is
   * counted.
   */
  private keep(bytes: Uint8Array, monoMs: number): void {
    const piece = bytes.byteLength * 2 < bytes.buffer.byteLength ? new Uint8Array(bytes) : bytes;
    this.movedAtMs = monoMs;
    if (!this.room.hold(this, piece.buffer.byteLength, monoMs)) return;
    this.heldBytes += piece.buffer.byteLength;
    this.pieces.push(piece);
    this.received += piece.byteLength;
  }
}

function joined(pieces: readonly Uint8Array[], total: number): Uint8Array {
  if (pieces.length === 1 && pieces[0].byteLength === total) return pieces[0];
  const whole = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}
