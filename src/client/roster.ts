// Which nodes are known, in which order they are asked, and which of them failed lately.

/** A node that failed is asked last for this long; each further failure doubles it. */
const BAD_MS = 1000;
const BAD_MS_MAX = 30_000;
/** Of the nodes that others told of. */
const LEARNED_MAX = 64;

interface Entry {
  readonly address: string;
  /** Given nodes are never forgotten. */
  readonly isGiven: boolean;
  badUntilMs: number;
  failures: number;
}

export class Roster {
  private readonly entries: Map<string, Entry>;
  private inUse: string;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(
    given: readonly [string, ...string[]],
    private readonly now: () => number,
  ) {
    this.inUse = given[0];
    this.entries = new Map(given.map((address) => [address, fresh(address, true)]));
  }

  /** All of them: the one in use, those that are well, and then those that failed. */
  inOrder(): string[] {
    const nowMs = this.now();
    const bad: Entry[] = [];
    const well: string[] = [];
    for (const entry of this.entries.values()) {
      if (entry.badUntilMs > nowMs) bad.push(entry);
      else if (entry.address === this.inUse) well.unshift(entry.address);
      else well.push(entry.address);
    }
    bad.sort((a, b) => a.badUntilMs - b.badUntilMs);
    return [...well, ...bad.map(({ address }) => address)];
  }

  has(address: string): boolean {
    return this.entries.has(address);
  }

  /** It answered. The one in use stays in use as long as it is well. */
  succeeded(address: string): void {
    const entry = this.entries.get(address);
    if (entry === undefined) return;
    entry.failures = 0;
    entry.badUntilMs = 0;
    if (address !== this.inUse && this.isBad(this.inUse)) this.inUse = address;
  }

  /** It did not answer, or not as it should. @param restMs at least so long */
  failed(address: string, restMs = 0): void {
    const entry = this.entries.get(address);
    if (entry === undefined) return;
    const badMs = Math.min(BAD_MS_MAX, BAD_MS * 2 ** entry.failures);
    entry.failures = Math.min(entry.failures + 1, 10);
    entry.badUntilMs = this.now() + Math.max(restMs, badMs);
  }

  /** What a node tells is what there is beside it; others that were learned are forgotten. */
  learn(teller: string, told: readonly string[]): void {
    const kept = new Set([teller, ...told]);
    for (const { address, isGiven } of [...this.entries.values()])
      if (!isGiven && !kept.has(address)) this.forget(address);
    let room = LEARNED_MAX - [...this.entries.values()].filter(({ isGiven }) => !isGiven).length;
    for (const address of told) {
      if (room <= 0) return;
      if (this.entries.has(address)) continue;
      this.entries.set(address, fresh(address, false));
      room -= 1;
    }
  }

  private forget(address: string): void {
    this.entries.delete(address);
    if (address === this.inUse) this.inUse = this.inOrder()[0] ?? address;
  }

  private isBad(address: string): boolean {
    return (this.entries.get(address)?.badUntilMs ?? Infinity) > this.now();
  }
}

function fresh(address: string, isGiven: boolean): Entry {
  return { address, isGiven, badUntilMs: 0, failures: 0 };
}
