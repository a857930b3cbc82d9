// What versions stand on that may be from the future: of each key the last stamp before them that
// is not. A node whose clock is ahead replaces by them what others may have given to readers. Their
// true stamps must be above that, however many of them replaced each other meanwhile
// (restamping.ts). In good health nothing is kept here.
import type { Now } from '../base/now';
import type { Known } from '../store/entry';
import type { StampClock } from '../version/stamp-clock';

/** What is remembered first is forgotten first. */
const KEYS_MAX = 4096;

export class Grounds {
  private readonly byKey = new Map<string, number>();

  constructor(private readonly clock: StampClock) {}

  /**
   * A version is about to take the place of `older`. `earliest` is the time that the earliest of
   * all clocks shows: the one of this node may be ahead.
   */
  note(key: string, hlc: number, older: Known | undefined, earliest: Now): void {
    if (older === undefined || !this.clock.isFutureOf(hlc, earliest.wallMs)) return;
    if (this.clock.isFutureOf(older.hlc, earliest.wallMs)) return;
    const before = this.byKey.get(key) ?? 0;
    this.byKey.delete(key);
    this.byKey.set(key, Math.max(before, older.hlc));
    for (const oldest of this.byKey.keys()) {
      if (this.byKey.size <= KEYS_MAX) break;
      this.byKey.delete(oldest);
    }
  }

  /** 0 = none is known. */
  of(key: string): number {
    return this.byKey.get(key) ?? 0;
  }
}
