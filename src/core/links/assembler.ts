// Puts chunked messages of one link together again. One transfer at a time; a gap or an overlap
// discards it, and so does a lack of room (./assembly-room.ts): anti-entropy brings the value
// later. Holds what has arrived and nothing for what has not. What arrives is copied: its frame may
// be lent.
import { LIMITS } from '../base/limits';
import { MESSAGE } from '../wire/messages';
import type { Arriving, AssemblyRoom } from './assembly-room';
import { Pieces } from './pieces';

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
  private pieces = new Pieces(0);
  private firstTransitMs = 0;
  private firstByte = 0;

  /** @param chunkBytes what every chunk but the last carries at least */
  constructor(
    private readonly bytesMax: number,
    private readonly room: AssemblyRoom,
    private readonly chunkBytes: number = LIMITS.chunkBytes,
  ) {}

  get isUnderWay(): boolean {
    return this.transfer !== -1;
  }

  /** What is under way is a part of what this node pulls. */
  get bringsRecords(): boolean {
    return this.isUnderWay && this.firstByte === MESSAGE.syncRecords;
  }

  /** Something is under way, and a piece of it came within the last `ms`. */
  isMoving(nowMs: number, ms: number): boolean {
    return this.isUnderWay && nowMs < this.movedAtMs + ms;
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
    const { totalBytes, receivedBytes } = this.pieces;
    const fits = chunk.total === totalBytes && chunk.offset === receivedBytes;
    if (chunk.transfer !== this.transfer || !fits) {
      this.abandon();
      return null;
    }
    if (endsAt < chunk.total) {
      this.keep(chunk.bytes, monoMs);
      return null;
    }
    const bytes = chunk.offset === 0 ? new Uint8Array(chunk.bytes) : this.completedBy(chunk.bytes);
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
    this.pieces = new Pieces(0);
    this.heldBytes = 0;
  }

  private begin({ transfer, total, bytes }: Chunk, transitMs: number, monoMs: number): void {
    this.abandon();
    this.firstByte = bytes[0];
    this.room.meets(total);
    this.transfer = transfer;
    this.pieces = new Pieces(total);
    this.firstTransitMs = transitMs;
    this.beganAtMs = monoMs;
    this.movedAtMs = monoMs;
  }

  private completedBy(last: Uint8Array): Uint8Array {
    this.pieces.add(last);
    return this.pieces.joined();
  }

  /** What is kept is counted first. */
  private keep(bytes: Uint8Array, monoMs: number): void {
    this.movedAtMs = monoMs;
    if (!this.room.hold(this, bytes.byteLength, monoMs)) return;
    this.heldBytes += bytes.byteLength;
    this.pieces.add(bytes);
  }
}
