// The store as its comments say it, with plain maps and no thought of cost: what the contract holds
// implementations to. It expires in the order in which the other one did, because no order is
// promised within one step of time.
import type { Now } from '../../../src/core/base/now';
import { compareVersions, stampedAtMs } from '../../../src/core/base/version';
import { stepEndMs } from '../../../src/core/store/deadlines';
import type { Entry, Incoming } from '../../../src/core/store/entry';
import { HashTree, hashText, KEY_BASIS_A, KEY_BASIS_B, type Root } from '../../../src/core/store/hash-tree';
import { Lifetimes } from '../../../src/core/store/lifetimes';
import type { MergeResult, StoreSettings } from '../../../src/core/store/store';

export type Charge = (keyBytes: number, valueBytes: number | null) => number;

const QUARTER_HOUR_MS = 15 * 60_000;

export class StoreModel {
  readonly live = new Map<string, Entry>();
  readonly stubs = new Map<string, Entry>();
  droppedEarly = 0;
  private readonly lifetimes: Lifetimes;

  constructor(
    private readonly settings: StoreSettings,
    private readonly charge: Charge,
  ) {
    this.lifetimes = new Lifetimes(settings);
  }

  peek(key: string): Entry | undefined {
    return this.live.get(key) ?? this.stubs.get(key);
  }

  get(key: string, monoMs: number): Entry | null {
    const entry = this.live.get(key);
    return entry?.holding === 'value' && monoMs < entry.expiresAtMs ? entry : null;
  }

  merge(given: Incoming, now: Now): MergeResult {
    const incoming = this.lifetimes.withinBounds(given);
    const held = this.peek(incoming.key);
    const order = held === undefined ? 1 : compareVersions(incoming, held);
    const isFilling = order === 0 && held?.holding === 'not-held' && incoming.value !== null;
    if (order < 0 || (order === 0 && !isFilling)) return 'known';
    const expiresAtMs = isFilling ? held.expiresAtMs : this.lifetimes.deadlineOf(incoming, now);
    const isLive = incoming.value !== null && now.monoMs < expiresAtMs;
    if (!isLive && this.lifetimes.stubEndMs({ ttlMs: incoming.ttlMs, expiresAtMs }) <= now.monoMs)
      return 'known';
    let value = isLive ? incoming.value : null;
    if (value !== null && this.lacksRoom(incoming.key, value.byteLength)) {
      if (held === undefined || isFilling) return 'full';
      value = null;
    }
    const stubBytes = this.charge(incoming.key.length, null);
    if (value === null && held === undefined && this.usedBytes() + stubBytes > this.settings.storageBytesMax)
      return 'full';
    this.live.delete(incoming.key);
    this.stubs.delete(incoming.key);
    const { key, hlc, origin, seq, ttlMs, supersedesUntilMs } = incoming;
    const holding = value !== null ? 'value' : isLive ? 'not-held' : 'stub';
    const copy = value === null ? null : new Uint8Array(value);
    const known = { hlc, origin, seq, ttlMs, expiresAtMs, supersedesUntilMs, holding } as const;
    (isLive ? this.live : this.stubs).set(key, { key, ...known, value: copy });
    return value === null ? 'stub' : 'stored';
  }

  lacksRoom(key: string, valueBytes: number): boolean {
    const held = this.peek(key);
    const freed = held === undefined ? 0 : this.charged(held);
    const share = held === undefined ? 0.95 : 1;
    const after = this.usedBytes() + this.charge(key.length, valueBytes) - freed;
    return after > this.settings.storageBytesMax * share;
  }

  /** Everything that is due, values in the given order of their keys. */
  expire(now: Now, order: readonly string[]): void {
    for (const [key, stub] of [...this.stubs])
      if (stepEndMs(this.lifetimes.stubEndMs(stub)) <= now.monoMs) this.stubs.delete(key);
    const due = [...this.live.values()].filter(({ expiresAtMs }) => stepEndMs(expiresAtMs) <= now.monoMs);
    const asSaid = [...order].sort().join();
    const asDue = due
      .map(({ key }) => key)
      .sort()
      .join();
    if (asSaid !== asDue) throw new Error(`expired ${asSaid}, due ${asDue}`);
    for (const key of order) {
      const entry = this.live.get(key);
      this.live.delete(key);
      if (entry === undefined || stepEndMs(this.lifetimes.stubEndMs(entry)) <= now.monoMs) continue;
      if (this.lifetimes.stubEndMs(entry) > now.monoMs)
        this.stubs.set(key, { ...entry, holding: 'stub', value: null });
    }
    this.dropStubsEarly(now);
  }

  usedBytes(): number {
    return [...this.entries()].reduce((sum, entry) => sum + this.charged(entry), 0);
  }

  valueBytes(): number {
    return [...this.entries()].reduce((sum, { value }) => sum + (value?.byteLength ?? 0), 0);
  }

  *entries(): IterableIterator<Entry> {
    yield* this.live.values();
    yield* this.stubs.values();
  }

  root(): Root {
    const tree = new HashTree();
    for (const { key, hlc, origin } of this.entries())
      tree.toggle({
        keyHashA: hashText(key, KEY_BASIS_A),
        keyHashB: hashText(key, KEY_BASIS_B),
        hlc,
        origin,
      });
    return tree.root();
  }

  private charged({ key, value }: Entry): number {
    return this.charge(key.length, value?.byteLength ?? null);
  }

  private dropStubsEarly(now: Now): void {
    for (const [key, stub] of [...this.stubs]) {
      const stubBytes = [...this.stubs.values()].reduce((sum, each) => sum + this.charged(each), 0);
      if (stubBytes <= this.settings.storageBytesMax * 0.1) return;
      const coverMs = Math.max(stub.supersedesUntilMs - stampedAtMs(stub), stub.ttlMs + QUARTER_HOUR_MS);
      if (now.monoMs < stub.expiresAtMs - stub.ttlMs + coverMs) return;
      this.stubs.delete(key);
      this.droppedEarly += 1;
    }
  }
}
