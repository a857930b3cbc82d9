// A message too large for one frame on its way over one link, cut from the stored value itself:
// many links that send the same value to peers which read slowly, or not at all, hold one value
// between them.
import type { NodeId } from '../base/identity';
import { LIMITS } from '../base/settings';
import { ByteWriter } from '../wire/bytes';
import { writeBulk } from '../wire/codec';
import type { Bulk } from '../wire/messages';
import type { Charge } from './queue-share';

/** Everything of a record but its key and value, with room to spare. */
const HEAD_BYTES = 512;
const NO_BYTES = new Uint8Array(0);

export class Transfer {
  private readonly head: Uint8Array;
  private readonly value: Uint8Array;
  private offset = 0;
  /** It is a part of what a peer pulls. */
  readonly isRepair: boolean;

  /** @param charge what it is counted as until it is over */
  constructor(
    private readonly id: number,
    message: Bulk,
    readonly charge: Charge,
    self: NodeId,
    monoMs: number,
  ) {
    this.isRepair = message.type === 'syncRecords';
    const writer = new HeadWriter(HEAD_BYTES);
    writeBulk(writer, message, self, monoMs);
    this.head = writer.take();
    this.value = writer.value;
  }

  get isOver(): boolean {
    return this.offset >= this.total;
  }

  /** The next piece: all but the first, which begins with the head, are views into the value. */
  next(): { transfer: number; total: number; offset: number; bytes: Uint8Array } {
    const { offset, total } = this;
    const bytes = this.piece(offset, Math.min(total, offset + LIMITS.chunkBytes));
    this.offset += bytes.byteLength;
    return { transfer: this.id, total, offset, bytes };
  }

  private get total(): number {
    return this.head.byteLength + this.value.byteLength;
  }

  private piece(from: number, to: number): Uint8Array {
    const headBytes = this.head.byteLength;
    if (from >= headBytes) return this.value.subarray(from - headBytes, to - headBytes);
    const joined = new Uint8Array(to - from);
    joined.set(this.head.subarray(from, to));
    if (to > headBytes) joined.set(this.value.subarray(0, to - headBytes), headBytes - from);
    return joined;
  }
}

/**
 * Writes all of a message but the bytes of its value, with which every message that has one ends.
 */
class HeadWriter extends ByteWriter {
  value: Uint8Array = NO_BYTES;

  override blob(data: Uint8Array): void {
    this.varint(data.byteLength, Number.MAX_SAFE_INTEGER);
    this.value = data;
  }
}
