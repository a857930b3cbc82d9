// Whether two nodes whose values servers hold (REPRAM_STORE_URL) have the same store there. It has
// an id, which the node reads again and again: a store that was emptied has another one. Two ids
// that differ say nothing until both ends had the time to read theirs anew. Then they are two
// stores, and the nodes are no peers: what is written at one would be absent at the other.

/** Either end reads its id once a second. */
export const SETTLED_MS = 3000;
/** Ids that strangers may name at a time. */
const DOUBTS_MAX = 64;

export const OTHER_STORE =
  'its values are in another store than those of this node: REPRAM_STORE_URL must lead to the same servers on all nodes';

/** `unknown`: at either end. `unsure`: they differ now. */
export type Comparison = 'unknown' | 'same' | 'unsure' | 'other';

export class SameStore {
  private id: string | null = null;
  private askedAtMs = -Infinity;
  /** Since when each id of others is known to differ from the own one. */
  private readonly doubts = new Map<string, number>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  get ownId(): string | null {
    return this.id;
  }

  /**
   * @param id null while it cannot be read
   * @param askedAtMs when the store was asked for it
   * @returns whether it is another one than before
   */
  read(id: string | null, askedAtMs: number): boolean {
    this.askedAtMs = askedAtMs;
    if (id === this.id) return false;
    this.id = id;
    this.doubts.clear();
    return true;
  }

  compare(theirs: string | null): Comparison {
    if (theirs === null || this.id === null) return 'unknown';
    if (theirs === this.id) return 'same';
    const sinceMs = this.doubts.get(theirs);
    if (sinceMs === undefined) this.doubt(theirs);
    return sinceMs !== undefined && this.askedAtMs - sinceMs >= SETTLED_MS ? 'other' : 'unsure';
  }

  private doubt(theirs: string): void {
    if (this.doubts.size >= DOUBTS_MAX) {
      for (const oldest of this.doubts.keys()) {
        this.doubts.delete(oldest);
        break;
      }
    }
    this.doubts.set(theirs, this.nowMs());
  }
}

/** Null where the text is no id of a store. */
export function storeIdIn(text: string): string | null {
  return /^[0-9a-f]{16}$/.test(text) ? text : null;
}
