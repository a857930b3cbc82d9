// The chunks of a body until it is whole. Small ones are gathered in blocks. A million chunks of
// one byte each, kept one by one, would cost a hundred times their bytes.

const SMALL_BYTES = 2048;
const BLOCK_BYTES = 16 * 1024;

export class ChunkList {
  private readonly chunks: Buffer[] = [];
  private block: Buffer | null = null;
  private blockBytes = 0;

  add(chunk: Buffer): void {
    if (this.chunks.length === 0 || chunk.length >= SMALL_BYTES) {
      this.closeBlock();
      this.chunks.push(chunk);
      return;
    }
    if (this.blockBytes + chunk.length > BLOCK_BYTES) this.closeBlock();
    this.block ??= Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.blockBytes += chunk.copy(this.block, this.blockBytes);
  }

  /**
   * Always a copy. A chunk is a window on a 64 KiB read buffer, which a stored value must not keep
   * alive.
   */
  whole(): Buffer {
    this.closeBlock();
    return Buffer.concat(this.chunks);
  }

  private closeBlock(): void {
    if (this.block === null || this.blockBytes === 0) return;
    this.chunks.push(Buffer.from(this.block.subarray(0, this.blockBytes)));
    this.blockBytes = 0;
  }
}
