// Tells turns of the event loop apart, for who does a limited amount of work in each. It costs
// nothing in a turn in which nobody asks.

export class EventTurns {
  private count = 0;
  private isAsked = false;

  /** A number that is another one in each turn. */
  current(): number {
    if (!this.isAsked) {
      this.isAsked = true;
      setImmediate(this.over);
    }
    return this.count;
  }

  private readonly over = (): void => {
    this.isAsked = false;
    this.count += 1;
  };
}
