// All versions this node knows: live values, and stubs of what has expired (docs/protocol.md,
// Versions and time). Invariants: per key only the greatest version by (hlc, origin); a version's
// deadline is fixed once; no wall clock that is set ends a life; nothing is evicted; usedBytes
// equals the sum over all entries; the hash tree holds exactly the versions of both maps.
import { HashTree } from './hash-tree';
import type { Now } from '../base/now';
import { compareVersions, stampedAtMs } from '../base/version';
import { DeadlineWheel } from './deadline-wheel';
import {
  entryBytes,
  ENTRY_OVERHEAD_BYTES,
  makeEntry,
  STUB_OVERHEAD_BYTES,
  type Entry,
  type Incoming,
} from './entry';
import { deadlineByAge, Lifetimes, type LifetimeSettings } from './lifetimes';

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

/** Called within the call that made the change; must not call back. */
export interface StoreWatchers {
  readonly expired?: ((entry: Entry) => void) | undefined;
  readonly stored?: ((entry: Entry) => void) | undefined;
}

/**
 * `stored`: newest now, readable. `stub`: newest, but expired or without bytes. `known`: nothing
 * new. `full`: refused.
 */
export type MergeResult = 'stored' | 'stub' | 'known' | 'full';

/** Stubs may take this share of the limit before old ones are dropped early. */
const STUB_SHARE = 0.1;
/** A stub is never dropped early within this time after its value expired. */
const STUB_KEPT_MS = 15 * 60_000;
/** New keys stop here; the rest is for stubs and for overwrites of keys already held. */
const NEW_KEY_SHARE = 0.95;

/**
 * A value still there this long after its deadline was missed by the wheel: a bug, mended and
 * counted by the sweep.
 */
const OVERDUE_MS = 5000;

export class Store {
  readonly tree = new HashTree();
  private readonly live = new Map<string, Entry>();
  private readonly stubs = new Map<string, Entry>();
  private readonly wheel = new DeadlineWheel();
  private readonly lifetimes: Lifetimes;
  private used = 0;
  private stubBytes = 0;
  private valueBytes = 0;
  private droppedEarly = 0;
  private sweeping: Iterator<Entry> | null = null;
  private sweeps = 0;
  private overdue = 0;

  constructor(
    private readonly settings: StoreSettings,
    private readonly watchers: StoreWatchers = {},
  ) {
    this.lifetimes = new Lifetimes(settings);
  }

  /** A version as an entry that is not stored: to be passed on. */
  transient(given: Incoming, now: Now): Entry {
    const incoming = this.lifetimes.withinBounds(given);
    return makeEntry(incoming, deadlineByAge(incoming, now), incoming.value, true);
  }

  /** The readable entry of a key: holds a value and its deadline has not come. */
  get(key: string, monoMs: number): Entry | null {
    const entry = this.live.get(key);
    return entry !== undefined && entry.value !== null && monoMs < entry.expiresAtMs ? entry : null;
  }

  /** Whatever is known of a key, stubs included. */
  peek(key: string): Entry | undefined {
    return this.live.get(key) ?? this.stubs.get(key);
  }

  /** Whether a value of this size for this key would be refused for room. */
  lacksRoom(key: string, valueBytes: number): boolean {
    const existing = this.peek(key);
    const after =
      this.used + key.length + valueBytes + ENTRY_OVERHEAD_BYTES - (existing ? entryBytes(existing) : 0);
    const share = existing === undefined ? NEW_KEY_SHARE : 1;
    return after > this.settings.storageBytesMax * share;
  }

  private lacksRoomForStub(key: string): boolean {
    return this.used + key.length + STUB_OVERHEAD_BYTES > this.settings.storageBytesMax;
  }

  /**
   * Takes a version in if it is the newest of its key. `wallMs` is the earliest time that any clock
   * shows.
   */
  merge(given: Incoming, now: Now): MergeResult {
    const incoming = this.lifetimes.withinBounds(given);
    const existing = this.peek(incoming.key);
    const order = existing === undefined ? 1 : compareVersions(incoming, existing);
    const expiresAtMs =
      order === 0 && existing ? existing.expiresAtMs : this.lifetimes.deadlineOf(incoming, now);
    const fills = order === 0 && existing?.holding === 'not-held' && incoming.value !== null;
    if (order < 0 || (order === 0 && !fills)) return 'known';
    // What comes without its bytes is over: nobody passes on what is live and not held, so nodes
    // could never agree on it.
    const isLive = incoming.value !== null && now.monoMs < expiresAtMs;
    // Too old even for a stub: no older version of the key can be alive, so there is nothing to
    // remember.
    if (!isLive && this.lifetimes.stubEndMs({ ...incoming, expiresAtMs }) <= now.monoMs) return 'known';
    let value = isLive ? incoming.value : null;
    if (value !== null && this.lacksRoom(incoming.key, value.byteLength)) {
      if (existing === undefined || fills) return 'full';
      value = null;
    }
    if (value === null && existing === undefined && this.lacksRoomForStub(incoming.key)) return 'full';
    if (existing !== undefined) this.drop(existing);
    const entry = makeEntry(incoming, expiresAtMs, value, isLive);
    this.insert(entry);
    if (value === null) return 'stub';
    this.watchers.stored?.(entry);
    return 'stored';
  }

  /**
   * Turns values whose deadline came into stubs and forgets stubs whose time is up, at most
   * `budget` entries. Returns how many it handled; call again at once when that equals the budget.
   */
  expire(now: Now, budget: number): number {
    let handled = 0;
    while (handled < budget) {
      const entry = this.wheel.due(now.monoMs);
      if (entry === null) break;
      handled += 1;
      const wasLive = entry.holding !== 'stub';
      this.drop(entry);
      if (!wasLive) continue;
      entry.value = null;
      entry.holding = 'stub';
      if (this.lifetimes.stubEndMs(entry) > now.monoMs) this.insert(entry);
      this.watchers.expired?.(entry);
    }
    if (this.stubBytes > this.settings.storageBytesMax * STUB_SHARE)
      handled += this.dropStubsEarly(now, budget - handled);
    return handled;
  }

  /** Begins a verification pass; see `sweep`. */
  beginSweep(): void {
    this.sweeping ??= this.live.values();
  }

  /**
   * Looks at up to `budget` entries of the pass under way: a value past its deadline that the wheel
   * missed is put on it again.
   */
  sweep(now: Now, budget: number): void {
    for (let looked = 0; looked < budget && this.sweeping !== null; looked += 1) {
      const step = this.sweeping.next();
      if (step.done === true) {
        this.sweeping = null;
        this.sweeps += 1;
        return;
      }
      const entry = step.value;
      if (entry.expiresAtMs + OVERDUE_MS >= now.monoMs) continue;
      this.overdue += 1;
      this.wheel.remove(entry);
      this.wheel.add(entry, Math.max(now.monoMs, entry.expiresAtMs));
    }
  }

  get isSweeping(): boolean {
    return this.sweeping !== null;
  }

  nextDeadlineMs(): number {
    return this.wheel.nextDeadlineMs();
  }

  /** Live entries in insertion order, then stubs; safe to advance while the store changes. */
  *entries(): IterableIterator<Entry> {
    yield* this.live.values();
    yield* this.stubs.values();
  }

  liveEntries(): IterableIterator<Entry> {
    return this.live.values();
  }

  counts(): StoreCounts {
    return {
      keys: this.live.size,
      stubs: this.stubs.size,
      usedBytes: this.used,
      valueBytes: this.valueBytes,
      droppedEarly: this.droppedEarly,
      sweeps: this.sweeps,
      overdue: this.overdue,
    };
  }

  /**
   * Recomputes accounting and hash tree from scratch; says what disagrees. For tests and the
   * verification sweep.
   */
  audit(): string[] {
    const tree = new HashTree();
    let used = 0;
    let valueBytes = 0;
    for (const entry of this.entries()) {
      tree.toggle(entry);
      used += entryBytes(entry);
      valueBytes += entry.value?.byteLength ?? 0;
    }
    const problems: string[] = [];
    if (used !== this.used) problems.push(`usedBytes is ${this.used}, recomputed ${used}`);
    if (valueBytes !== this.valueBytes)
      problems.push(`valueBytes is ${this.valueBytes}, recomputed ${valueBytes}`);
    if (!tree.rootEquals(this.tree.root()))
      problems.push('the hash tree does not hold exactly the stored versions');
    return problems;
  }

  private insert(entry: Entry): void {
    const isStub = entry.holding === 'stub';
    (isStub ? this.stubs : this.live).set(entry.key, entry);
    this.wheel.add(entry, isStub ? this.lifetimes.stubEndMs(entry) : entry.expiresAtMs);
    this.tree.toggle(entry);
    this.account(entry, 1);
  }

  private drop(entry: Entry): void {
    (entry.holding === 'stub' ? this.stubs : this.live).delete(entry.key);
    this.wheel.remove(entry);
    this.tree.toggle(entry);
    this.account(entry, -1);
  }

  private account(entry: Entry, sign: 1 | -1): void {
    this.used += sign * entryBytes(entry);
    this.valueBytes += sign * (entry.value?.byteLength ?? 0);
    if (entry.holding === 'stub') this.stubBytes += sign * (entry.key.length + STUB_OVERHEAD_BYTES);
  }

  /** Oldest first, only those that nothing known can still contradict. */
  private dropStubsEarly(now: Now, budget: number): number {
    let dropped = 0;
    for (const entry of this.stubs.values()) {
      if (dropped >= budget || this.stubBytes <= this.settings.storageBytesMax * STUB_SHARE) break;
      const coverMs = Math.max(entry.supersedesUntilMs - stampedAtMs(entry), entry.ttlMs + STUB_KEPT_MS);
      if (now.monoMs < entry.expiresAtMs - entry.ttlMs + coverMs) break;
      this.drop(entry);
      this.droppedEarly += 1;
      dropped += 1;
    }
    return dropped;
  }
}
