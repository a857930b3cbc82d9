// A message too large for one frame on its way over one link, cut from the stored value itself:
// many links that send the same value to peers which read slowly, or not at all, hold one value
// between them.
import type { NodeId } from '../base/identity';
import { LIMITS } from '../base/limits';
import { ByteWriter } from '../wire/byte-writer';
import { writeBulk, writeChunkHead } from '../wire/codec';
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

  /**
   * Writes the next chunk but for its end, a view of the value, which is returned. So the value is
   * copied nowhere on its way to the sockets.
   */
  writeNext(writer: ByteWriter): Uint8Array {
    const { offset, total } = this;
    const headBytes = this.head.byteLength;
    const end = Math.min(total, offset + LIMITS.chunkBytes);
    writeChunkHead(writer, { transfer: this.id, total, offset, length: end - offset });
    if (offset < headBytes) writer.raw(this.head.subarray(offset, end));
    this.offset = end;
    return this.value.subarray(Math.max(0, offset - headBytes), Math.max(0, end - headBytes));
  }

  private get total(): number {
    return this.head.byteLength + this.value.byteLength;
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
