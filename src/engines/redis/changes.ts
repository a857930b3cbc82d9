// Tells listeners what is written and what ends, wherever it was. The streams of all buckets are
// read in rounds. A round's changes are told in the order of their times, and only up to the least
// time that all buckets have shown: then one time says how far everybody is. Where the clocks of
// servers are far apart, changes are not held back for that: who goes on elsewhere hears some
// twice.
import type { EngineChange, UnsureChange } from '../../runtime/data-engine';
import { RecentChanges } from './recent-changes';
import { comparePlaces, type Place, writePosition } from './place';
import { type Entry, CHANGES_PER_LOOK, type Look, type Tails } from './tails';

type Listener = (changes: readonly EngineChange[]) => void;

/** For the sake of order, no change waits longer than this. */
const HELD_BACK_MS_MAX = 100;

export class Changes {
  private readonly listeners = new Set<Listener>();
  private held: Entry[] = [];
  private readonly recent = new RecentChanges();
  private toldMs = 0;
  /** By bucket: changes until this time have come. */
  private readonly shownMs: number[];
  /** By bucket: what its server's clock showed then. */
  private readonly clockMs: number[];
  private readonly toldPlaces: (Place | null)[];
  /** Somebody listens now: a round is due. */
  onListening: () => void = () => undefined;

  /** @param changesOf brings values, and leaves out what cannot be read */
  constructor(
    private readonly cluster: string,
    private readonly tails: Tails,
    private readonly changesOf: (entries: readonly Entry[]) => Promise<EngineChange[]>,
  ) {
    this.shownMs = new Array<number>(tails.count).fill(0);
    this.clockMs = new Array<number>(tails.count).fill(0);
    this.toldPlaces = new Array<Place | null>(tails.count).fill(null);
  }

  get isListening(): boolean {
    return this.listeners.size > 0;
  }

  /** Changes wait for the next round. */
  get isHurried(): boolean {
    return this.held.length > 0;
  }

  subscribe(listener: Listener): () => void {
    if (this.listeners.size === 0) this.begin();
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.tails.unfollow();
      this.held = [];
    };
  }

  /** Everything before this time was told; by the clocks of the servers. */
  get told(): number {
    return this.isListening ? this.toldMs : this.leastNow();
  }

  toldPlace(bucket: number): Place | null {
    return this.toldPlaces[bucket];
  }

  position(): string | null {
    return this.told === 0 ? null : writePosition(this.cluster, this.told);
  }

  /** Takes what a round brought. True when there is more to be read at once. */
  async take(looks: readonly (Look | null)[]): Promise<boolean> {
    looks.forEach((look, bucket) => {
      if (look?.isFollowing !== true) return;
      this.shownMs[bucket] = look.streamMs;
      this.clockMs[bucket] = look.serverMs;
    });
    const unsure = looks.flatMap((look, bucket) => this.gapOf(look, bucket));
    const entries = looks.flatMap((look) => look?.entries ?? []);
    this.held = [...this.held, ...entries].sort((a, b) => comparePlaces(a.place, b.place));
    const untilMs = Math.min(...this.shownMs);
    // Where a clock was set back, changes are of one millisecond until it has caught up.
    const isDue = ({ bucket, place }: Entry): boolean =>
      place.ms < untilMs ||
      place.ms > this.clockMs[bucket] ||
      this.shownMs[bucket] - place.ms > HELD_BACK_MS_MAX;
    const due = this.held.filter((entry) => isDue(entry) && this.recent.isNew(entry));
    this.held = this.held.filter((entry) => !isDue(entry));
    const changes = [...unsure.slice(0, 1), ...(await this.changesOf(due))];
    for (const { bucket, place } of due) this.toldPlaces[bucket] = place;
    this.toldMs = unsure.length > 0 ? untilMs : Math.max(this.toldMs, untilMs);
    if (changes.length > 0) for (const listener of [...this.listeners]) listener(changes);
    return looks.some((look) => (look?.entries.length ?? 0) >= CHANGES_PER_LOOK);
  }

  private begin(): void {
    this.tails.follow();
    this.held = [];
    this.recent.clear();
    for (let bucket = 0; bucket < this.tails.count; bucket += 1) {
      this.shownMs[bucket] = this.tails.streamNow(bucket);
      this.clockMs[bucket] = this.shownMs[bucket];
      // What is before that was told to nobody here, and will not be.
      this.toldPlaces[bucket] = this.tails.of(bucket).cursor;
    }
    this.toldMs = Math.min(...this.shownMs);
    this.onListening();
  }

  private leastNow(): number {
    let least = Infinity;
    for (let bucket = 0; bucket < this.tails.count; bucket += 1)
      least = Math.min(least, this.tails.streamNow(bucket));
    return least;
  }

  /** Moves on to the last entry that came. Something is missing where the stream begins later. */
  private gapOf(look: Look | null, bucket: number): UnsureChange[] {
    const tail = this.tails.of(bucket);
    if (look?.isFollowing !== true || tail.cursor === null) return [];
    const isNew = tail.bornMs !== 0 && look.bornMs !== tail.bornMs;
    // Another server has it whose clock is behind, or this one's clock was set back: changes come
    // before the place from which they are asked for.
    const isBack = tail.cursor.ms > look.streamMs;
    tail.bornMs = look.bornMs;
    tail.cursor = isBack ? look.last : (look.entries.at(-1)?.place ?? tail.cursor);
    if (isBack) tail.written = null;
    return isNew || isBack || look.isGone ? [{ kind: 'unsure', reason: 'position-too-old' }] : [];
  }
}
