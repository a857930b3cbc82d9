// Lists keys in order, page by page, without holding the event loop. The store is walked, sorted
// and merged in steps of a few thousand keys with a turn of the loop between them. One listing runs
// at a time. The others wait, and one whose client has gone ends. What changes meanwhile may or may
// not be in. A key that is there throughout is in exactly once: a key that moves (an overwrite puts
// it at the end of the store's order) is met again, and doubles are dropped.
//
// A page has so many bytes of keys at most. The keys of the store are outside of the heap, so a
// walk makes each of them anew, and V8's heap has no room for all at once. The next page is another
// walk.
import type { KeyBounds } from '../core/base/key-bounds';
import { keyByteString, keyText } from './change-feed';
import type { KeyPage } from './data-engine';

/** Keys handled per turn: about a millisecond. */
const STEP = 4096;
/** What a key takes on the heap beside its bytes. */
export const KEY_OVERHEAD_BYTES = 48;
/** Of what a node holds for clients: a walk keeps three pages at most. */
const PAGE_SHARE = 1 / 16;
const PAGE_BYTES_MIN = 1_048_576;
const PAGE_BYTES_MAX = 4 * 1_048_576;

/** Bytes that the keys of one page take on the heap, at most; but for a single longer key. */
export function pageBytesMax(clientBytesMax: number): number {
  return Math.min(PAGE_BYTES_MAX, Math.max(PAGE_BYTES_MIN, Math.floor(clientBytesMax * PAGE_SHARE)));
}

export interface KeyRange {
  readonly prefix: string;
  /** Keys behind this one; '' = from the start. */
  readonly cursor: string;
  /** As many keys are enough; 0 = as many as the bytes allow. */
  readonly enough: number;
}

/** Keys as byte strings, in no order, and undefined for each that is not within the bounds. */
export type KeySource = (bounds: KeyBounds) => Iterable<string | undefined>;

interface Found {
  readonly keys: string[];
  /** Behind them there were more. */
  readonly isCut: boolean;
}

export class KeyListing {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** @param pageBytes what the keys of one page may take on the heap */
  constructor(private readonly pageBytes = PAGE_BYTES_MIN) {}

  /** Listings under way or waiting. */
  get backlog(): number {
    return this.waiting;
  }

  /** One page of what a client asked for. */
  async page(
    keysOf: KeySource,
    asked: { readonly prefix: string; readonly limit: number; readonly cursor: string },
    gone?: AbortSignal,
  ): Promise<KeyPage> {
    const { limit } = asked;
    const prefix = keyByteString(asked.prefix);
    const range = { prefix, cursor: keyByteString(asked.cursor), enough: limit > 0 ? limit + 1 : 0 };
    const found = await this.list(keysOf, range, gone);
    const keys = (limit > 0 ? found.keys.slice(0, limit) : found.keys).map(keyText);
    const isMore = found.isCut || keys.length < found.keys.length;
    return { keys, nextCursor: isMore ? (keys.at(-1) ?? null) : null };
  }

  /**
   * The first of `keys` in the range, ascending. With `gone` aborted it ends early, and what it
   * resolves with is of no use.
   */
  list(keys: KeySource, range: KeyRange, gone?: AbortSignal): Promise<Found> {
    this.waiting += 1;
    const listing = this.last
      .then(() => new Collection(range, this.pageBytes, gone).collect(keys))
      .finally(() => (this.waiting -= 1));
    this.last = listing.catch(() => undefined);
    return listing;
  }
}

/** Keeps sorted runs, and of these no more than can be among the first keys asked for. */
class Collection implements KeyBounds {
  private runs: string[][] = [];
  private run: string[] = [];
  private runBytes = 0;
  private kept = 0;
  private keptBytes = 0;
  private isCut = false;
  /** No key behind this one can be among those asked for. */
  upTo: string | null = null;

  constructor(
    private readonly range: KeyRange,
    private readonly pageBytes: number,
    private readonly gone: AbortSignal | undefined,
  ) {}

  get prefix(): string {
    return this.range.prefix;
  }

  get after(): string {
    return this.range.cursor;
  }

  async collect(keysOf: KeySource): Promise<Found> {
    let walked = 0;
    if (this.isOver()) return NOTHING;
    for (const key of keysOf(this)) {
      walked += 1;
      if (key !== undefined && this.isAsked(key)) this.add(key);
      if (this.run.length >= STEP || this.runBytes >= this.pageBytes) await this.closeRun();
      if (walked % STEP !== 0) continue;
      await turn();
      if (this.isOver()) return NOTHING;
    }
    this.runs.push(this.run.sort());
    const found = this.first(await mergeAll(this.runs));
    return { keys: found, isCut: this.isCut };
  }

  private add(key: string): void {
    this.run.push(key);
    this.runBytes += key.length + KEY_OVERHEAD_BYTES;
  }

  private isOver(): boolean {
    return this.gone?.aborted === true;
  }

  private isAsked(key: string): boolean {
    const { prefix, cursor } = this.range;
    if (this.upTo !== null && key > this.upTo) return false;
    return key.startsWith(prefix) && (cursor === '' || key > cursor);
  }

  private async closeRun(): Promise<void> {
    const { enough } = this.range;
    this.runs.push(this.run.sort());
    this.kept += this.run.length;
    this.keptBytes += this.runBytes;
    this.run = [];
    this.runBytes = 0;
    const isPlenty = enough > 0 && this.kept >= 2 * (enough + STEP);
    if (!isPlenty && this.keptBytes < 2 * this.pageBytes) return;
    const first = this.first(await mergeAll(this.runs));
    this.runs = [first];
    this.kept = first.length;
    this.keptBytes = first.reduce((sum, key) => sum + key.length + KEY_OVERHEAD_BYTES, 0);
    this.upTo = this.isCut || first.length === enough ? (first.at(-1) ?? null) : null;
  }

  /** As many of them as are asked for, and as the bytes allow. */
  private first(sorted: string[]): string[] {
    const { enough } = this.range;
    const end = enough > 0 ? Math.min(enough, sorted.length) : sorted.length;
    let bytes = 0;
    for (let at = 0; at < end; at += 1) {
      bytes += sorted[at].length + KEY_OVERHEAD_BYTES;
      if (bytes <= this.pageBytes || at === 0) continue;
      this.isCut = true;
      return sorted.slice(0, at);
    }
    return end < sorted.length ? sorted.slice(0, end) : sorted;
  }
}

/** For whoever has gone. */
const NOTHING: Found = { keys: [], isCut: false };

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
