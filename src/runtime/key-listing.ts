// Lists keys in order without holding the event loop. The store is walked, sorted and merged in
// steps of a few thousand keys with a turn of the loop between them. One listing runs at a time.
// The others wait, and one whose client has gone ends. What changes meanwhile may or may not be in.
// A key that is there throughout is in exactly once: a key that moves (an overwrite puts it at the
// end of the store's order) is met again, and doubles are dropped.
import { keyByteString, keyText } from './change-feed';
import type { KeyPage } from './data-engine';

/** Keys handled per turn: about a millisecond. */
const STEP = 4096;

export interface KeyRange {
  readonly prefix: string;
  /** Keys behind this one; '' = from the start. */
  readonly cursor: string;
  /** As many keys are enough; 0 = all. */
  readonly enough: number;
}

export class KeyListing {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** Listings under way or waiting. */
  get backlog(): number {
    return this.waiting;
  }

  /** One page of what a client asked for; `keysOf` lists the byte strings with a prefix. */
  async page(
    keysOf: (prefix: string) => Iterable<string>,
    asked: { readonly prefix: string; readonly limit: number; readonly cursor: string },
    gone?: AbortSignal,
  ): Promise<KeyPage> {
    const { limit } = asked;
    const prefix = keyByteString(asked.prefix);
    const range = { prefix, cursor: keyByteString(asked.cursor), enough: limit > 0 ? limit + 1 : 0 };
    const found = await this.list(() => keysOf(prefix), range, gone);
    const keys = (limit > 0 ? found.slice(0, limit) : found).map(keyText);
    return { keys, nextCursor: keys.length < found.length ? keys[keys.length - 1] : null };
  }

  /**
   * The first of `keys` in the range, ascending. With `gone` aborted it ends early, and what it
   * resolves with is of no use.
   */
  list(keys: () => Iterable<string>, range: KeyRange, gone?: AbortSignal): Promise<string[]> {
    this.waiting += 1;
    const listing = this.last
      .then(() => new Collection(range, gone).collect(keys()))
      .finally(() => (this.waiting -= 1));
    this.last = listing.catch(() => undefined);
    return listing;
  }
}

/** Keeps sorted runs, and of these no more than can be among the first keys asked for. */
class Collection {
  private runs: string[][] = [];
  private run: string[] = [];
  private kept = 0;
  /** No key behind this one can be among those asked for. */
  private ceiling: string | null = null;

  constructor(
    private readonly range: KeyRange,
    private readonly gone: AbortSignal | undefined,
  ) {}

  async collect(keys: Iterable<string>): Promise<string[]> {
    let walked = 0;
    if (this.isOver()) return [];
    for (const key of keys) {
      walked += 1;
      if (this.isAsked(key)) this.run.push(key);
      if (this.run.length >= STEP) await this.closeRun();
      if (walked % STEP !== 0) continue;
      await turn();
      if (this.isOver()) return [];
    }
    this.runs.push(this.run.sort());
    return this.first(await mergeAll(this.runs));
  }

  private isOver(): boolean {
    return this.gone?.aborted === true;
  }

  private isAsked(key: string): boolean {
    const { prefix, cursor } = this.range;
    if (this.ceiling !== null && key > this.ceiling) return false;
    return key.startsWith(prefix) && (cursor === '' || key > cursor);
  }

  private async closeRun(): Promise<void> {
    const { enough } = this.range;
    this.runs.push(this.run.sort());
    this.kept += this.run.length;
    this.run = [];
    if (enough === 0 || this.kept < 2 * (enough + STEP)) return;
    const first = this.first(await mergeAll(this.runs));
    this.runs = [first];
    this.kept = first.length;
    this.ceiling = first.length === enough ? first[enough - 1] : null;
  }

  private first(sorted: string[]): string[] {
    const { enough } = this.range;
    return enough > 0 && sorted.length > enough ? sorted.slice(0, enough) : sorted;
  }
}

/** Merges sorted runs pairwise until one is left. */
async function mergeAll(runs: string[][]): Promise<string[]> {
  let round = runs;
  while (round.length > 1) {
    const next: string[][] = [];
    for (let i = 0; i < round.length; i += 2) {
      next.push(i + 1 < round.length ? await merge(round[i], round[i + 1]) : round[i]);
    }
    round = next;
  }
  return withoutDoubles(round[0]);
}

async function merge(left: readonly string[], right: readonly string[]): Promise<string[]> {
  const merged: string[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const takeLeft = r >= right.length || (l < left.length && left[l] <= right[r]);
    merged.push(takeLeft ? left[l++] : right[r++]);
    if (merged.length % STEP === 0) await turn();
  }
  return merged;
}

function withoutDoubles(sorted: string[]): string[] {
  return sorted.filter((key, i) => i === 0 || key !== sorted[i - 1]);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
