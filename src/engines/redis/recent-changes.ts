// What was told lately. After a failover, or where clocks are apart, a stream may be read again
// from a place before. What readers were told already would come to them once more, old versions of
// a key behind newer ones.
import type { Entry } from './entries';

/** Characters of changes: of some 20,000 with short keys, of 500 with the longest. */
const REMEMBERED_MAX = 2_000_000;
/** What one takes beside its characters, more or less. */
const EACH = 64;

export class RecentChanges {
  private readonly told = new Set<string>();
  private size = 0;

  /** True once for each change: what it is, its version and its key. */
  isNew({ bucket, bytes }: Entry): boolean {
    const change = `${bucket} ${bytes.toString('latin1')}`;
    if (this.told.has(change)) return false;
    this.told.add(change);
    this.size += change.length + EACH;
    for (const oldest of this.told) {
      if (this.size <= REMEMBERED_MAX) break;
      this.told.delete(oldest);
      this.size -= oldest.length + EACH;
    }
    return true;
  }

  /** Nobody listens who was told them. */
  clear(): void {
    this.told.clear();
    this.size = 0;
  }
}
