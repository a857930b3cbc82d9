// The chunks of a body until it is whole. Small ones are gathered in blocks. A million chunks of
// one byte each, kept one by one, would cost a hundred times their bytes.
//
// Joining a large body at its end would need its memory twice. Where the length was announced, all
// is copied to its place in the whole once a quarter is there, and so is each chunk that follows.
// What has not come yet costs addresses and no memory, because the operating system gives pages
// when they are first written.

const SMALL_BYTES = 2048;
const BLOCK_BYTES = 16 * 1024;
/** A body of fewer bytes is joined at its end. */
const PLACED_BYTES_MIN = 128 * 1024;
/** Who announces much and sends little does not even get addresses. */
const PLACED_FROM_SHARE = 0.25;

export class ChunkList {
  private chunks: Buffer[] = [];
  private chunksBytes = 0;
  private block: Buffer | null = null;
  private blockBytes = 0;
  private placed: Buffer | null = null;
  private placedBytes = 0;
  private readonly placedFromBytes: number;

  /** @param announcedBytes length of the whole; 0 = not known. No more than that may be added. */
  constructor(private readonly announcedBytes = 0) {
    const isPlaced = announcedBytes >= PLACED_BYTES_MIN;
    this.placedFromBytes = isPlaced ? announcedBytes * PLACED_FROM_SHARE : Infinity;
  }

  /** Bytes that `whole` needs beside those that were added. */
  get joiningBytes(): number {
    return this.placed === null ? this.chunksBytes : 0;
  }

  add(chunk: Buffer): void {
    if (this.placed === null) this.gather(chunk);
    else this.placedBytes += chunk.copy(this.placed, this.placedBytes);
    if (this.chunksBytes >= this.placedFromBytes) this.place();
  }

  /**
   * In a buffer of its own. A chunk is a window on a 64 KiB read buffer, which a stored value must
   * not keep alive.
   */
  whole(): Buffer {
    if (this.placed !== null) return this.placed.subarray(0, this.placedBytes);
    this.closeBlock();
    return Buffer.concat(this.chunks);
  }

  private gather(chunk: Buffer): void {
    this.chunksBytes += chunk.length;
    if (this.chunks.length === 0 || chunk.length >= SMALL_BYTES) {
      this.closeBlock();
      this.chunks.push(chunk);
      return;
    }
    if (this.blockBytes + chunk.length > BLOCK_BYTES) this.closeBlock();
    this.block ??= Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.blockBytes += chunk.copy(this.block, this.blockBytes);
  }

  private place(): void {
    this.closeBlock();
    this.placed = Buffer.allocUnsafeSlow(this.announcedBytes);
    for (const chunk of this.chunks) this.placedBytes += chunk.copy(this.placed, this.placedBytes);
    this.chunks = [];
    this.chunksBytes = 0;
  }

  private closeBlock(): void {
    if (this.block === null || this.blockBytes === 0) return;
    this.chunks.push(Buffer.from(this.block.subarray(0, this.blockBytes)));
    this.blockBytes = 0;
  }
}
