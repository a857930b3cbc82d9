// How often one place is dialled. Several ids may be known there, each of which is dialled again at
// once when it was lost, and a source may name the place as well. Together they must not make a
// frenzy of it.

/** Dials of one place within a second. */
const DIALS_MAX = 8;
const WITHIN_MS = 1000;
/** Places that are looked after; the others have no memory of their dials. */
const PLACES_MAX = 4096;

export class DialPace {
  /** Times of the last dials of each place, in the order in which places were first dialled. */
  private readonly dials = new Map<string, number[]>();

  /** False when the place was dialled often enough; else it counts as dialled now. */
  allows(place: string, nowMs: number): boolean {
    const recent = (this.dials.get(place) ?? []).filter((atMs) => atMs > nowMs - WITHIN_MS);
    if (recent.length >= DIALS_MAX) return false;
    recent.push(nowMs);
    this.dials.delete(place);
    this.dials.set(place, recent);
    if (this.dials.size > PLACES_MAX) this.forgetOldest();
    return true;
  }

  private forgetOldest(): void {
    for (const place of this.dials.keys()) {
      this.dials.delete(place);
      return;
    }
  }
}
