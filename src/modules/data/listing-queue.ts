// Full listings cost memory in proportion to the number of keys, so only one is made and sent at a time; a few more
// wait in order, and beyond those the caller is told to come back.

export class ListingQueue {
  private busy = false;
  private readonly waiting: (() => void)[] = [];

  /** @param waitingMax listings that may wait for the running one */
  constructor(private readonly waitingMax: number) {}

  /** Resolves with the function that ends this turn (calling it again does nothing); null when the queue is full. */
  async acquire(): Promise<(() => void) | null> {
    if (this.busy) {
      if (this.waiting.length >= this.waitingMax) return null;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.busy = true;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const next = this.waiting.shift();
      if (next === undefined) this.busy = false;
      else next();
    };
  }
}
