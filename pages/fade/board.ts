// The messages that are shown, newest first. Each goes at its own deadline without being told.
// Knows nothing of nodes and nothing of the page.
import { signal, type Signal } from '@preact/signals';
import type { Content } from './message';

/** What is known of a message for good. */
export interface Message {
  readonly key: string;
  readonly version: string;
  readonly content: Content;
  /** Ms since 1970 by the clock of the node that was written to; 0 when unknown. */
  readonly postedAtMs: number;
  readonly ttlSeconds: number;
}

export interface Row {
  readonly message: Message;
  /** On the clock of performance.now(). It may be told anew, when that clock stood still. */
  deadlineMs: number;
  /** Set when its time is up: what is left is the space it took. */
  readonly isOver: Signal<boolean>;
  /** Whether a long text is shown whole. */
  readonly isUnfolded: Signal<boolean>;
  /** On the clock of performance.now(). */
  readonly cameAtMs: number;
}

/** Messages that are held; beyond that the oldest are left out. */
const HELD_MAX = 5000;
/** Changes that come within so many ms are drawn together. */
const GATHER_MS = 16;
/** Browsers cannot sleep for ever; a deadline further away is simply looked at again. */
const SLEEP_MAX_MS = 3_600_000;
/** So long a node that is slower by that much may still tell of what has ended here. */
const ENDED_KEPT_MS = 60_000;

export class Board {
  /** Newest first; rows whose time is up stay until `forget`. */
  readonly rows = signal<readonly Row[]>([]);
  /** Messages that live. */
  readonly size = signal(0);
  /** Whether the board was whole once: what comes now is news. */
  hearsNews = false;
  /** Called with the news since the last time, oldest first. */
  onFresh: (fresh: readonly Message[]) => void = () => undefined;
  /** Whether the page shows this row: only then has its gap to close. */
  isDrawn: (row: Row) => boolean = () => true;

  private readonly live = new Map<string, Row>();
  private readonly closing = new Set<Row>();
  /** Versions that ran out here, by key, and when. */
  private readonly ended = new Map<string, { readonly version: string; readonly atMs: number }>();
  private fresh: Message[] = [];
  /** Keys told since a listing began; null while none is under way. */
  private listed: Set<string> | null = null;
  private drawing: ReturnType<typeof setTimeout> | undefined;
  private expiry: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /**
   * Takes the deadline of a version that is known already, alive or over.
   *
   * @returns whether it is known
   */
  knows(key: string, version: string, deadlineMs: number): boolean {
    this.listed?.add(key);
    const row = this.live.get(key);
    if (row?.message.version !== version) return this.ended.get(key)?.version === version;
    row.deadlineMs = deadlineMs;
    this.changed();
    return true;
  }

  /** Whether a message of that key lives, in whatever version. */
  holds(key: string): boolean {
    return this.live.has(key);
  }

  put(message: Message, deadlineMs: number): void {
    if (this.knows(message.key, message.version, deadlineMs) || deadlineMs <= this.nowMs()) return;
    this.live.set(message.key, {
      message,
      deadlineMs,
      isOver: signal(false),
      isUnfolded: signal(false),
      cameAtMs: this.nowMs(),
    });
    if (this.hearsNews && this.listed === null) this.fresh.push(message);
    this.changed();
  }

  /** A node says that this version's time is up. */
  expire(key: string, version: string): void {
    const row = this.live.get(key);
    if (row?.message.version === version) this.end(row);
  }

  /** From here on all that lives is told, by `put` or `stillThere`, up to `endListing`. */
  beginListing(): void {
    this.listed = new Set();
  }

  stillThere(key: string): void {
    this.listed?.add(key);
  }

  /** What was not told is not there. */
  endListing(): void {
    const { listed } = this;
    this.listed = null;
    if (listed === null) return;
    for (const row of this.live.values()) if (!listed.has(row.message.key)) this.end(row);
  }

  /** The row of a message that is over has closed. */
  forget(row: Row): void {
    if (this.closing.delete(row)) this.changed();
  }

  private end(row: Row): void {
    const { key, version } = row.message;
    this.live.delete(key);
    this.ended.set(key, { version, atMs: this.nowMs() });
    if (this.isDrawn(row)) this.closing.add(row);
    row.isOver.value = true;
    this.changed();
  }

  private changed(): void {
    this.drawing ??= setTimeout(() => this.draw(), GATHER_MS);
  }

  private draw(): void {
    this.drawing = undefined;
    const all = [...this.live.values(), ...this.closing];
    all.sort((one, other) => newestFirst(one.message, other.message));
    for (const row of all.slice(HELD_MAX)) this.live.delete(row.message.key);
    const fresh = this.fresh.filter(({ key, version }) => this.live.get(key)?.message.version === version);
    this.fresh = [];
    this.rows.value = all.slice(0, HELD_MAX);
    this.size.value = this.live.size;
    this.armExpiry();
    if (fresh.length > 0) this.onFresh(fresh);
  }

  private armExpiry(): void {
    clearTimeout(this.expiry);
    let nextMs = Infinity;
    for (const { deadlineMs } of this.live.values()) nextMs = Math.min(nextMs, deadlineMs);
    if (nextMs === Infinity) return;
    const waitMs = Math.min(SLEEP_MAX_MS, Math.max(0, nextMs - this.nowMs()));
    this.expiry = setTimeout(() => this.endDue(), waitMs);
  }

  private endDue(): void {
    const nowMs = this.nowMs();
    for (const row of this.live.values()) if (row.deadlineMs <= nowMs) this.end(row);
    for (const [key, { atMs }] of this.ended) if (nowMs - atMs > ENDED_KEPT_MS) this.ended.delete(key);
    this.armExpiry();
  }
}

/** Of two of the same millisecond the version knows which is newer: its text sorts as it does. */
function newestFirst(one: Message, other: Message): number {
  const laterMs = other.postedAtMs - one.postedAtMs;
  if (laterMs !== 0 || one.version === other.version) return laterMs;
  return other.version > one.version ? 1 : -1;
}
