// Tells whether something happens for the first time, so that what a stranger can repeat is logged
// once. Bounded: beyond the limit the oldest is forgotten.

export class FirstTime {
  private readonly seen = new Set<string>();

  constructor(private readonly limit = 1024) {}

  isFirst(what: string): boolean {
    if (this.seen.has(what)) return false;
    if (this.seen.size >= this.limit) {
      for (const oldest of this.seen) {
        this.seen.delete(oldest);
        break;
      }
    }
    this.seen.add(what);
    return true;
  }
}
