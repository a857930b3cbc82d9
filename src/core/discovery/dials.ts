// Dials under way, and how often one place is dialled. Several ids may be known there, each of
// which is dialled again at once when it was lost, and a source may name the place as well.
// Together they must not make a frenzy of it.

/** A dial takes ten seconds at most. */
const UNDER_WAY_MAX_MS = 12_000;
/** Dials of one place within a second. */
const DIALS_MAX = 8;
const WITHIN_MS = 1000;
/** Places that are looked after; the others have no memory of their dials. */
const PLACES_MAX = 4096;

export class Dials {
  private readonly underWay = new Map<string, number>();
  /** Times of the last dials of each place, in the order in which places were last dialled. */
  private readonly recent = new Map<string, number[]>();

  /**
   * False when a dial of this place is under way, or it was dialled often enough; else it counts as
   * dialled now.
   */
  begin(place: string, nowMs: number): boolean {
    const sinceMs = this.underWay.get(place);
    if (sinceMs !== undefined && nowMs - sinceMs < UNDER_WAY_MAX_MS) return false;
    const times = (this.recent.get(place) ?? []).filter((atMs) => atMs > nowMs - WITHIN_MS);
    if (times.length >= DIALS_MAX) return false;
    times.push(nowMs);
    this.recent.delete(place);
    this.recent.set(place, times);
    if (this.recent.size > PLACES_MAX) this.forgetOldest();
    this.underWay.set(place, nowMs);
    return true;
  }

  ended(place: string): void {
    this.underWay.delete(place);
  }

  private forgetOldest(): void {
    for (const place of this.recent.keys()) {
      this.recent.delete(place);
      return;
    }
  }
}
