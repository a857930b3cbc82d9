// Listings cost memory in proportion to the number of keys. So only one of a kind is made at a
// time. A few more wait, and beyond those the caller is told to come back. Clients have their turns
// one after the other, however many listings each of them waits for. Where all places are taken,
// the client that has most of them loses its last one to a client that has less.

interface Waiting {
  readonly begin: () => void;
  readonly refuse: () => void;
}

export class ListingQueue {
  private busy = false;
  /** By client, in the order of their turns; none is empty. */
  private readonly waiting = new Map<string, Waiting[]>();
  private waitingCount = 0;

  /** @param waitingMax listings that may wait for the running one */
  constructor(private readonly waitingMax: number) {}

  /**
   * Resolves with the function that ends this turn; calling it again does nothing. Null when there
   * is no place for this client, or when `gone` says that it waits no longer.
   */
  async acquire(client: string, gone?: AbortSignal): Promise<(() => void) | null> {
    if (this.busy && !(await this.turn(client, gone))) return null;
    this.busy = true;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.next();
    };
  }

  private next(): void {
    for (const [client, listings] of this.waiting) {
      const [next] = listings;
      this.waiting.delete(client);
      // Behind all others.
      if (listings.length > 1) this.waiting.set(client, listings);
      next.begin();
      return;
    }
    this.busy = false;
  }

  /** True when the turn has come. The listing before it handed it over without letting go. */
  private turn(client: string, gone?: AbortSignal): Promise<boolean> {
    if (gone?.aborted === true || !this.hasPlaceFor(client)) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (hasTurn: boolean): void => {
        gone?.removeEventListener('abort', refuse);
        this.leave(client, listing);
        resolve(hasTurn);
      };
      const refuse = (): void => settle(false);
      const listing: Waiting = { begin: () => settle(true), refuse };
      gone?.addEventListener('abort', refuse, { once: true });
      this.join(client, listing);
    });
  }

  private hasPlaceFor(client: string): boolean {
    if (this.waitingCount < this.waitingMax) return true;
    const own = this.waiting.get(client)?.length ?? 0;
    const most = [...this.waiting.values()].reduce((a, b) => (b.length > a.length ? b : a), []);
    if (own + 1 >= most.length) return false;
    most.at(-1)?.refuse();
    return true;
  }

  private join(client: string, listing: Waiting): void {
    const listings = this.waiting.get(client) ?? [];
    listings.push(listing);
    this.waiting.set(client, listings);
    this.waitingCount += 1;
  }

  private leave(client: string, listing: Waiting): void {
    const listings = this.waiting.get(client) ?? [];
    listings.splice(listings.indexOf(listing), 1);
    this.waitingCount -= 1;
    if (listings.length === 0) this.waiting.delete(client);
  }
}
