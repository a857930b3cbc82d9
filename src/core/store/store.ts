// All versions this node knows: live values, and stubs of what has expired (docs/protocol.md,
// Versions and time). Invariants: per key only the greatest version by (hlc, origin); a version's
// deadline is fixed once; no wall clock that is set ends a life; nothing is evicted; usedBytes
// equals the sum over all entries; the hash tree holds exactly the versions of both kinds. Where
// they are is the table's business (docs/adr/0050-the-store-is-outside-the-heap.md).
import { assert } from '../base/assert';
import type { NodeId } from '../base/identity';
import type { Now } from '../base/now';
import type { FutureJudge, Version } from '../base/version';
import { Books } from './books';
import { Copies } from './copies';
import { chargedBytes, makeEntry, STUB_OVERHEAD_BYTES } from './entry';
import type { Entry, Incoming, Known, Listed, StoreWatchers } from './entry';
import { Expiry, type Ends } from './expiry';
import type { HashTree } from './hash-tree';
import { deadlineByAge, Lifetimes, type LifetimeSettings } from './lifetimes';
import { compareWithFound } from './order';
import { NONE, Table } from './table';
import { Walks } from './walks';

export interface StoreSettings extends LifetimeSettings {
  readonly storageBytesMax: number;
}

export interface StoreCounts {
  readonly keys: number;
  readonly stubs: number;
  readonly usedBytes: number;
  readonly valueBytes: number;
  /** Stubs dropped before their time for room. */
  readonly droppedEarly: number;
  /** Verification passes completed, and values they found past their deadline. */
  readonly sweeps: number;
  readonly overdue: number;
}

/**
 * `stored`: newest now, readable. `stub`: newest, but expired or without bytes. `known`: nothing
 * new. `full`: refused.
 */
export type MergeResult = 'stored' | 'stub' | 'known' | 'full';

/** New keys stop here; the rest is for stubs and for overwrites of keys already held. */
const NEW_KEY_SHARE = 0.95;

export class Store {
  private readonly table: Table;
  private readonly books: Books;
  private readonly lifetimes: Lifetimes;
  private readonly expiry: Expiry;
  readonly walks: Walks;
  /** For those who read at once, and for what may wait. */
  private readonly read = new Copies();
  private readonly kept = new Copies();

  /** @param seed 32 bits that nobody outside this node can know */
  constructor(
    private readonly settings: StoreSettings,
    private readonly watchers: StoreWatchers = {},
    seed = 0,
    nowMs = 0,
  ) {
    this.table = new Table(seed);
    this.books = new Books(this.table);
    this.lifetimes = new Lifetimes(settings);
    this.walks = new Walks(this.table);
    const { table, books, lifetimes } = this;
    this.expiry = new Expiry(table, books, lifetimes, settings.storageBytesMax, watchers.ended, nowMs);
  }

  get tree(): HashTree {
    return this.books.tree;
  }

  /**
   * A version as an entry that is not stored: to be passed on.
   * @param expiresAtMs the deadline, where it is known; else by the rule of ages
   */
  transient(given: Incoming, now: Now, expiresAtMs?: number): Entry {
    const incoming = this.lifetimes.withinBounds(given);
    return makeEntry(incoming, expiresAtMs ?? deadlineByAge(incoming, now), incoming.value, true);
  }

  /**
   * The readable entry of a key: holds a value and its deadline has not come. Its value should not
   * be kept for long; see `peek`.
   */
  get(key: string, monoMs: number): Entry | null {
    const { table } = this;
    const row = table.find(key);
    if (row === NONE || monoMs >= table.expiresAtMs(row)) return null;
    return table.record.holding === 'value' ? table.entry(row, key, this.read) : null;
  }

  /** Whatever is known of a key, stubs included. What waits to be sent is read by this. */
  peek(key: string): Entry | undefined {
    const row = this.table.find(key);
    return row === NONE ? undefined : this.table.entry(row, key, this.kept);
  }

  /** The same without its bytes. */
  known(key: string): Known | undefined {
    const row = this.table.find(key);
    return row === NONE ? undefined : this.table.known(row);
  }

  /** Leaves in which versions are known whose bytes found no room. */
  leavesNotHeld(): number[] {
    return this.books.leavesNotHeld();
  }

  /**
   * As `merge` would judge: positive when this version is newer than what is held of its key, 0
   * when it is that, negative when it is older. Something must be held.
   */
  order(incoming: Incoming, now: Now, judge: FutureJudge): number {
    const row = this.table.find(incoming.key);
    assert(row !== NONE, 'only with what is held something is compared');
    return compareWithFound(this.table, row, incoming, now, judge);
  }

  has(key: string): boolean {
    return this.table.find(key) !== NONE;
  }

  /** Whether a value of this size for this key would be refused for room. */
  lacksRoom(key: string, valueBytes: number): boolean {
    return this.lacksRoomAt(this.table.find(key), key, valueBytes);
  }

  private lacksRoomAt(row: number, key: string, valueBytes: number): boolean {
    const held = row === NONE ? 0 : this.books.charged();
    const after = this.books.used + chargedBytes(key.length, valueBytes) - held;
    const share = row === NONE ? NEW_KEY_SHARE : 1;
    return after > this.settings.storageBytesMax * share || (row === NONE && this.table.isExhausted);
  }

  private lacksRoomForStub(key: string): boolean {
    return (
      this.books.used + key.length + STUB_OVERHEAD_BYTES > this.settings.storageBytesMax ||
      this.table.isExhausted
    );
  }

  /**
   * Takes a version in if it is the newest of its key. `wallMs` is the earliest time that any clock
   * shows. Without a judge stamps alone say what is newer.
   */
  merge(given: Incoming, now: Now, judge: FutureJudge | null = null): MergeResult {
    const incoming = this.lifetimes.withinBounds(given);
    const row = this.table.find(incoming.key);
    const order = row === NONE ? 1 : compareWithFound(this.table, row, incoming, now, judge);
    const expiresAtMs = order === 0 ? this.table.expiresAtMs(row) : this.lifetimes.deadlineOf(incoming, now);
    const fills = order === 0 && this.table.record.holding === 'not-held' && incoming.value !== null;
    if (order < 0 || (order === 0 && !fills)) return 'known';
    // What comes without its bytes is over: nobody passes on what is live and not held, so nodes
    // could never agree on it.
    const isLive = incoming.value !== null && now.monoMs < expiresAtMs;
    // Too old even for a stub: no older version of the key can be alive, so there is nothing to
    // remember.
    if (!isLive && this.lifetimes.stubEndMs({ ttlMs: incoming.ttlMs, expiresAtMs }) <= now.monoMs)
      return 'known';
    let value = isLive ? incoming.value : null;
    if (value !== null && this.lacksRoomAt(row, incoming.key, value.byteLength)) {
      if (row === NONE || fills) return 'full';
      value = null;
    }
    if (value === null && row === NONE && this.lacksRoomForStub(incoming.key)) return 'full';
    if (order > 0 && row !== NONE && incoming.hlc < this.table.record.hlc) this.watchers.wentBack?.();
    this.take(row, incoming, expiresAtMs, value, !isLive);
    if (isLive) this.watchers.stored?.(makeEntry(incoming, expiresAtMs, incoming.value, isLive));
    else this.watchers.cameOver?.(this.table.atHand);
    return value === null ? 'stub' : 'stored';
  }

  /**
   * Gives what is held of a key another version and number. Its life goes on as it is, or is over
   * as it was.
   */
  restamp(key: string, { hlc, origin }: Version, seq: number): void {
    const row = this.table.find(key);
    assert(row !== NONE, 'only what is held is restamped');
    const held = this.table.entry(row, key, this.read);
    const { ttlMs, expiresAtMs, supersedesUntilMs, value } = held;
    const incoming = { key, value, hlc, origin, seq, ttlMs, ageMs: 0, supersedesUntilMs };
    const isStub = held.holding === 'stub';
    this.take(row, incoming, expiresAtMs, value, isStub);
    if (!isStub) this.watchers.stored?.(makeEntry(incoming, expiresAtMs, value, true));
  }

  holdsOrigin(origin: NodeId): boolean {
    return this.table.holdsOrigin(origin);
  }

  /** How far what is over has ended, and has been forgotten. */
  get ends(): Ends {
    return this.expiry;
  }

  /**
   * Turns values whose deadline came into stubs and forgets stubs whose time is up, at most
   * `budget` entries. Returns how many it handled; there are more when `nextDeadlineMs` is past.
   */
  expire(now: Now, budget: number): number {
    return this.expiry.expire(now, budget);
  }

  /** Begins a verification pass; see `sweep`. */
  beginSweep(): void {
    this.expiry.beginSweep();
  }

  /**
   * Looks at up to `budget` entries of the pass under way: a value past its deadline that was
   * missed is due again.
   */
  sweep(now: Now, budget: number): void {
    this.expiry.sweep(now, budget);
  }

  get isSweeping(): boolean {
    return this.expiry.isSweeping;
  }

  nextDeadlineMs(): number {
    return this.expiry.nextMs();
  }

  /**
   * Live entries in insertion order, then stubs; safe to advance while the store changes, and to be
   * returned when it is not walked to its end.
   */
  entries(): IterableIterator<Entry> {
    return this.walks.entries();
  }

  /** Those in the wanted leaves (1 = wanted), undefined in the place of the others. */
  entriesOf(wanted: Uint8Array): IterableIterator<Entry | undefined> {
    return this.walks.entriesOf(wanted);
  }

  /**
   * What is known of each key that begins with `prefix` and that `isAsked` accepts, undefined in
   * the place of the others; as safe as `entries`. Values only up to `valueBytesMax`.
   */
  knownOf(
    prefix: string,
    valueBytesMax: number,
    isAsked: (known: Known) => boolean,
  ): IterableIterator<Listed | undefined> {
    return this.walks.knownOf(prefix, valueBytesMax, isAsked);
  }

  /** Keys of what is readable, in insertion order; as safe as `entries`. */
  liveKeys(monoMs: number, prefix = ''): IterableIterator<string> {
    return this.walks.liveKeys(monoMs, prefix);
  }

  counts(): StoreCounts {
    const { droppedEarly, sweeps, overdue } = this.expiry;
    return {
      keys: this.table.live.size,
      stubs: this.table.stubs.size,
      usedBytes: this.books.used,
      valueBytes: this.books.valueBytes,
      droppedEarly,
      sweeps,
      overdue,
    };
  }

  /**
   * Recomputes accounting and hash tree from scratch; says what disagrees. For tests and the
   * verification sweep.
   */
  audit(): string[] {
    return [...this.books.audit(this.entries()), ...this.table.audit()];
  }

  /** In the place of what was found at `row`. */
  private take(
    row: number,
    incoming: Incoming,
    expiresAtMs: number,
    value: Uint8Array | null,
    isStub: boolean,
  ): void {
    const { table, books } = this;
    const hashes = table.hashForTree();
    if (row !== NONE) {
      books.toggle(hashes);
      books.account(-1);
    }
    const taken = table.put(row, incoming, expiresAtMs, value, isStub);
    books.toggle(hashes);
    books.account(1);
    this.expiry.add(taken);
  }
}
