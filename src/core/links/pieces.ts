// The pieces of one message until it is whole, each copied once. As soon as a sixteenth is there,
// which of a megabyte is the first chunk, pieces go to where they belong in the whole: joining all
// at the end would need the memory twice. The part that has not come yet costs addresses and no
// memory, because the operating system gives pages when they are first written. Before that there
// is no whole, so that who announces much and sends little does not even get addresses.

const WHOLE_FROM_SHARE = 1 / 16;

export class Pieces {
  receivedBytes = 0;
  private early: Uint8Array[] = [];
  private whole: Uint8Array | null = null;

  constructor(readonly totalBytes: number) {}

  /** Copies a piece, of at most as many bytes as are missing. */
  add(piece: Uint8Array): void {
    if (this.whole === null && this.receivedBytes + piece.byteLength >= this.totalBytes * WHOLE_FROM_SHARE)
      this.begin();
    if (this.whole !== null) this.whole.set(piece, this.receivedBytes);
    else this.early.push(new Uint8Array(piece));
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
}
