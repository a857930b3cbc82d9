// The pieces of one message until it is whole. Once a quarter is there they are copied to where
// they belong in the whole, and so is each that follows: joining all at the end would need the
// memory twice. The part that has not come yet costs addresses and no memory, because the operating
// system gives pages when they are first written. Before the quarter there is no whole, so that who
// announces much and sends little does not even get addresses.

const WHOLE_FROM_SHARE = 0.25;

export class Pieces {
  receivedBytes = 0;
  private early: Uint8Array[] = [];
  private whole: Uint8Array | null = null;

  constructor(readonly totalBytes: number) {}

  /** Memory that keeping this piece takes: a view keeps all of its frame. */
  costOf(piece: Uint8Array): number {
    return this.isCopied(piece) ? piece.byteLength : piece.buffer.byteLength;
  }

  /** At most as many bytes as are missing. */
  add(piece: Uint8Array): void {
    if (this.whole === null && this.receivedBytes + piece.byteLength >= this.totalBytes * WHOLE_FROM_SHARE)
      this.begin();
    if (this.whole !== null) this.whole.set(piece, this.receivedBytes);
    else this.early.push(this.isCopied(piece) ? new Uint8Array(piece) : piece);
    this.receivedBytes += piece.byteLength;
  }

  /** All bytes, which nobody else has; to be called once the last piece is there. */
  joined(): Uint8Array {
    return this.whole ?? new Uint8Array(0);
  }

  private begin(): void {
    this.whole = new Uint8Array(this.totalBytes);
    let at = 0;
    for (const piece of this.early) {
      this.whole.set(piece, at);
      at += piece.byteLength;
    }
    this.early = [];
  }

  /** What is a small part of its frame does not keep it. */
  private isCopied(piece: Uint8Array): boolean {
    return this.whole !== null || piece.byteLength * 2 < piece.buffer.byteLength;
  }
}
