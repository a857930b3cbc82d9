// Listings cost memory in proportion to the number of keys. So only one of a kind is made at a
// time. A few more wait in order, and beyond those the caller is told to come back.

export class ListingQueue {
  private busy = false;
  private readonly waiting: (() => void)[] = [];

  /** @param waitingMax listings that may wait for the running one */
  constructor(private readonly waitingMax: number) {}

  /**
   * Resolves with the function that ends this turn; calling it again does nothing. Null when the
   * queue is full, or when `gone` says that no client waits for the listing any more.
   */
  async acquire(gone?: AbortSignal): Promise<(() => void) | null> {
    if (this.busy && !(await this.turn(gone))) return null;
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

  /** True when the turn has come. The listing before it handed it over without letting go. */
  private turn(gone?: AbortSignal): Promise<boolean> {
    if (this.waiting.length >= this.waitingMax || gone?.aborted === true) return Promise.resolve(false);
    return new Promise((resolve) => {
      const begin = (): void => {
        gone?.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(begin), 1);
        resolve(false);
      };
      gone?.addEventListener('abort', leave, { once: true });
      this.waiting.push(begin);
    });
  }
}
