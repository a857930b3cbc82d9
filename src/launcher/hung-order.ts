// Which hung process is killed next, if any. A process that hangs holds values that nobody else may
// have once the others are gone too. So hung processes are replaced one at a time, as crashes one
// after the other lose nothing. And where all fall silent together, the machine is the likelier
// cause than the processes: a frozen container, a debugger, swapped memory. One of them is
// replaced, so that somebody answers. The others may still wake up with what they hold
// (docs/adr/0051-one-hung-process-at-a-time.md).
import { watchIntervalMs } from './timing';

/** What the launcher knows of the process in one of its places. */
export interface Watched {
  /** It runs, and has been silent for longer than is allowed. */
  readonly isHung: boolean;
  readonly silentForMs: number;
  /** When one of its nodes became ready; null as long as none is, and it holds nothing. */
  readonly readyAtMs: number | null;
  /** Since when it holds what the others do: it was ready then, and has not stood still since. */
  readonly wholeSinceMs: number;
}

/**
 * Where nobody else can hold what a hung process does, it has this many times as long to wake up.
 */
const LAST_HOLDER_PATIENCE = 10;

/** It may have lived for so many beats after the last one that was heard. */
const BEATS_UNHEARD = 2;

export class HungOrder<Place extends Watched> {
  private killedAtMs = -Infinity;

  constructor(private readonly hungAfterMs: number) {}

  /** The place whose process is to be killed now, of all of a launcher. Whoever asks does it. */
  next(places: readonly Place[], nowMs: number): Place | null {
    const hung = places.filter((place) => place.isHung);
    const empty = hung.find((place) => place.readyAtMs === null);
    if (empty !== undefined) return empty;
    if (this.isReplacing(places, nowMs)) return null;
    const holder = hung.find((place) => this.mayLose(place, places, nowMs));
    if (holder === undefined) return null;
    this.killedAtMs = nowMs;
    return holder;
  }

  /**
   * The one killed last has a successor that is not ready yet, and may have a while to become so.
   */
  private isReplacing(places: readonly Place[], nowMs: number): boolean {
    return nowMs - this.killedAtMs < this.hungAfterMs && places.some((place) => place.readyAtMs === null);
  }

  /** Somebody else holds the same, or nobody answers at all, or it had time enough to wake up. */
  private mayLose(place: Place, places: readonly Place[], nowMs: number): boolean {
    const patienceMs = LAST_HOLDER_PATIENCE * this.hungAfterMs;
    if (place.silentForMs >= patienceMs || places.length === 1) return true;
    if (places.every(({ isHung }) => isHung)) return nowMs - this.killedAtMs >= patienceMs;
    const sinceMs = nowMs - place.silentForMs + BEATS_UNHEARD * watchIntervalMs(this.hungAfterMs);
    return places.some((other) => !other.isHung && other.wholeSinceMs < sinceMs);
  }
}
