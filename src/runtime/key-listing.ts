// Lists keys in order without holding the event loop: the store is walked, sorted and merged in steps of a few thousand
// keys with a turn of the loop between them. One listing at a time; the others wait. What changes meanwhile may or may
// not be in; a key that is there throughout is in exactly once, because a key that moves (an overwrite puts it at the end
// of the store's map) is met again and doubles are dropped.

/** Keys handled per turn: about a millisecond. */
const STEP = 4096;

export class KeyListing {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** Listings under way or waiting. */
  get backlog(): number {
    return this.waiting;
  }

  /** All of `keys` that start with `prefix` and come behind `cursor` ('' = from the start), ascending. */
  list(keys: () => Iterable<string>, prefix: string, cursor: string): Promise<string[]> {
    this.waiting += 1;
    const listing = this.last.then(() => collect(keys(), prefix, cursor)).finally(() => (this.waiting -= 1));
    this.last = listing.catch(() => undefined);
    return listing;
  }
}

async function collect(keys: Iterable<string>, prefix: string, cursor: string): Promise<string[]> {
  const runs: string[][] = [];
  let run: string[] = [];
  let walked = 0;
  for (const key of keys) {
    walked += 1;
    if (key.startsWith(prefix) && (cursor === '' || key > cursor)) run.push(key);
    if (run.length >= STEP) {
      runs.push(run.sort());
      run = [];
    }
    if (walked % STEP === 0) await turn();
  }
  runs.push(run.sort());
  return mergeAll(runs);
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
