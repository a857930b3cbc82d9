// The donor's side of a pull: hands versions out in batches, at the speed at which the link takes
// them, while writes go on. Either all versions in the asked leaves (what is written during the
// walk is met by it, because new versions go to the end of the map, or reaches the joiner as a live
// write), or this node's own writes of a range of numbers.
import type { Store } from '../store/store';
import type { Entry } from '../store/entry';
import type { NodeId } from '../base/identity';
import type { Bulk } from '../wire/messages';
import { recordBytesMax } from '../wire/record-codec';
import { LEAVES } from '../store/hash-tree';
import type { WriteLog } from '../store/write-log';

/** Entries looked at per call, so that a call stays below a millisecond whatever is left out. */
const SCAN_BUDGET = 2000;

export class SyncStream {
  private done = false;

  /**
   * @param entries undefined = looked at, nothing to give
   * @param through told at the end: see `syncEnd`
   */
  constructor(
    readonly session: number,
    private readonly entries: Iterator<Entry | undefined>,
    readonly through = 0,
  ) {}

  get finished(): boolean {
    return this.done;
  }

  /** Nothing more is wanted of it. */
  close(): void {
    this.done = true;
    this.entries.return?.();
  }

  /** The next batch of at most about `bytesMax`; null when this call's budget found nothing. */
  next(bytesMax: number): Extract<Bulk, { type: 'syncRecords' }> | null {
    const batch: Entry[] = [];
    let bytes = 0;
    for (let scanned = 0; scanned < SCAN_BUDGET && bytes < bytesMax; scanned += 1) {
      const step = this.entries.next();
      if (step.done === true) {
        this.done = true;
        break;
      }
      const entry = step.value;
      if (entry === undefined || entry.holding === 'not-held') continue;
      batch.push(entry);
      bytes += recordBytesMax(entry);
    }
    return batch.length === 0 ? null : { type: 'syncRecords', session: this.session, entries: batch };
  }
}

/** Everything `store` knows in the given leaves; null = in all of them. */
export function* entriesOfLeaves(
  store: Store,
  leaves: readonly number[] | null,
): IterableIterator<Entry | undefined> {
  const wanted = new Uint8Array(LEAVES).fill(leaves === null ? 1 : 0);
  for (const leaf of leaves ?? []) wanted[leaf] = 1;
  yield* store.entriesOf(wanted);
}

/** Those of the writes `from` to `to` of `self` that are still the newest of their key. */
export function* entriesOfLog(
  store: Store,
  log: WriteLog,
  self: NodeId,
  from: number,
  to: number,
): IterableIterator<Entry | undefined> {
  for (let seq = from; seq <= to; seq += 1) {
    const key = log.keyOf(seq);
    const entry = key === undefined ? undefined : store.peek(key);
    yield entry?.seq === seq && entry.origin === self ? entry : undefined;
  }
}
