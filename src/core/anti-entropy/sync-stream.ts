// The donor's side of a sync: walks all versions in the asked leaves and hands them out in batches, at the speed at
// which the link takes them, while writes go on. What is written during the walk is either met by it (new versions
// go to the end of the map) or reaches the joiner as a live write.
import type { Entry } from '../store/entry';
import type { Bulk } from '../wire/messages';
import { recordBytesMax } from '../wire/record-codec';
import { LEAVES } from './hash-tree';

/** Entries looked at per call, so that a call stays below a millisecond whatever the leaves filter out. */
const SCAN_BUDGET = 2000;

export class SyncStream {
  private readonly wanted: Uint8Array | null;
  private done = false;
  sent = 0;

  constructor(
    readonly session: number,
    private readonly entries: Iterator<Entry>,
    leaves: readonly number[] | null,
  ) {
    this.wanted = leaves === null ? null : new Uint8Array(LEAVES);
    for (const leaf of leaves ?? []) (this.wanted as Uint8Array)[leaf] = 1;
  }

  get finished(): boolean {
    return this.done;
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
      if (this.wanted !== null && this.wanted[entry.keyHashA >>> 20] === 0) continue;
      if (entry.holding === 'not-held') continue;
      batch.push(entry);
      bytes += recordBytesMax(entry);
    }
    this.sent += batch.length;
    return batch.length === 0 ? null : { type: 'syncRecords', session: this.session, entries: batch };
  }
}
