// The union of what recent answers named. The platform's list is a claim of placement, not of
// health: rows outlive their instance for hours, and two answers differ. So an address stays until
// it was missing from many answers that named others. No answer and an empty one say nothing. Pure,
// and bounded.

/** Answers in a row that must leave an address out: ten minutes of one every 30 s. */
const MISSING_ANSWERS_MAX = 20;
const ADDRESSES_MAX = 128;

export class InstanceList {
  private answers = 0;
  /** By address: the number of the last answer that named it. Those named last come last. */
  private readonly lastNamed = new Map<string, number>();

  /** Whether one was named that was not known. */
  heard(addresses: readonly string[]): boolean {
    if (addresses.length === 0) return false;
    const isNewcomer = addresses.some((address) => !this.lastNamed.has(address));
    this.answers += 1;
    for (const address of addresses) {
      this.lastNamed.delete(address);
      this.lastNamed.set(address, this.answers);
    }
    for (const [address, answer] of this.lastNamed) {
      const isMissing = this.answers - answer >= MISSING_ANSWERS_MAX;
      if (isMissing || this.lastNamed.size > ADDRESSES_MAX) this.lastNamed.delete(address);
    }
    return isNewcomer;
  }

  /** The one that was named last comes first. */
  addresses(): string[] {
    return [...this.lastNamed.keys()].reverse();
  }
}
