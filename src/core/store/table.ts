// Where versions are: a row for each, its record in a segment, found by its key, in the order of
// arrival. Values and stubs are two orders. It knows nothing of which version wins, of time, or of
// limits; that is the store's. Nothing here costs more the more there is.
import type { KeyBounds } from '../base/key-bounds';
import type { NodeId } from '../base/identity';
import { Prng } from '../base/prng';
import { Arrivals } from './arrivals';
import type { Copies } from './copies';
import { INLINE_BYTES_MAX, type Ended, type Entry, type Incoming, type Known } from './entry';
import { KeyBytes } from './key-bytes';
import { isWithin, startsWith } from './key-range';
import { KeyIndex } from './key-index';
import { LargeValues } from './large-values';
import { Origins } from './origins';
import { markOver, NO, RecordForm } from './record';
import { NONE, ODD_TTL, Rows } from './rows';
import { Segments } from './segments';
import { toByteString } from './key';
import { Tidying } from './tidying';

export { NONE } from './rows';

/** For each byte that is written so many are looked at, so that gaps stay at their share. */
const LOOKED_PER_BYTE = 8;

export class Table {
  private readonly rows = new Rows();
  private readonly index = new KeyIndex(this.rows);
  private readonly segments = new Segments();
  private readonly large = new LargeValues();
  private readonly origins = new Origins();
  readonly live = new Arrivals(this.rows);
  readonly stubs = new Arrivals(this.rows);
  /** The key that was looked for last. */
  private readonly key: KeyBytes;
  private readonly treeKey: KeyBytes;
  /** At hand: the record of the row that was found, looked at or put last. */
  record = new RecordForm();
  private recordBytes: Uint8Array = new Uint8Array(0);
  private draft = new RecordForm();
  private readonly tidying = new Tidying(this.rows, this.segments);

  /** @param seed of the hash of keys, which nobody else should know */
  constructor(seed: number) {
    const prng = new Prng(seed ^ 0x5bd1e995);
    const [keyA, keyB] = [prng.next() | 0, prng.next() | 0];
    this.key = new KeyBytes(keyA, keyB);
    this.treeKey = new KeyBytes(keyA, keyB);
  }

  /** Bytes that records take, gaps included. */
  get segmentBytes(): number {
    return this.segments.capacity;
  }

  /** Nothing more can be named (src/core/store/segments.ts). */
  get isExhausted(): boolean {
    return this.segments.isExhausted;
  }

  /** The row of a key, whose record is then at hand; NONE when it is not known. */
  find(key: string): number {
    this.key.load(key);
    const { hash } = this.key;
    for (let row = this.index.first(hash); row !== NONE; row = this.rows.chain(row)) {
      if (this.rows.hash(row) !== hash) continue;
      this.look(row);
      if (this.key.equals(this.recordBytes, this.record.keyAt, this.record.keyLength)) return row;
    }
    return NONE;
  }

  /** Puts the record of a row at hand. */
  look(row: number): RecordForm {
    const place = this.rows.place(row);
    this.recordBytes = this.segments.bytesOf(place);
    this.record.read(this.recordBytes, this.segments.offsetOf(place));
    return this.record;
  }

  expiresAtMs(row: number): number {
    return this.rows.expiresAtMs(row);
  }

  isStub(row: number): boolean {
    return this.rows.isStub(row);
  }

  ttlMs(row: number): number {
    const ttlMs = this.rows.ttlMs(row);
    return ttlMs === ODD_TTL ? this.look(row).oddTtlMs : ttlMs;
  }

  /** The record at hand, for those who look at once. */
  get atHand(): Ended {
    return this;
  }

  /** Of the record at hand. */
  get hlc(): number {
    return this.record.hlc;
  }

  /** Of the record at hand; 0 where no value is held. */
  get valueBytes(): number {
    return this.record.valueLength === NO ? 0 : this.record.valueLength;
  }

  holdsOrigin(origin: NodeId): boolean {
    return this.origins.has(origin);
  }

  /** Of the record at hand. */
  get origin(): string {
    return this.origins.idOf(this.record.origin);
  }

  /** Of the record at hand. */
  get keyText(): string {
    const { keyAt, keyLength } = this.record;
    return toByteString(this.recordBytes.subarray(keyAt, keyAt + keyLength));
  }

  /** The hashes in the tree of the key at hand, which was looked for last. */
  hashForTree(): KeyBytes {
    this.key.hashForTree();
    return this.key;
  }

  /** The same of the key of the record at hand. */
  hashRecordForTree(): KeyBytes {
    this.treeKey.copyFrom(this.recordBytes, this.record.keyAt, this.record.keyLength);
    this.treeKey.hashForTree();
    return this.treeKey;
  }

  /** Of the record at hand. */
  keyStartsWith(prefix: string): boolean {
    return startsWith(this.recordBytes, this.record, prefix);
  }

  /** Of the record at hand; without making a text of it, which costs much more. */
  keyIsWithin(bounds: KeyBounds): boolean {
    return isWithin(this.recordBytes, this.record, bounds);
  }

  /** Takes a version in for the key that was looked for last; `row` is what was found. */
  put(
    row: number,
    incoming: Incoming,
    expiresAtMs: number,
    value: Uint8Array | null,
    isStub: boolean,
  ): number {
    const { draft } = this;
    const taken = row === NONE ? this.newRow() : row;
    draft.row = taken;
    draft.hlc = incoming.hlc;
    draft.seq = incoming.seq;
    draft.origin = this.origins.hold(incoming.origin);
    draft.isStub = isStub;
    draft.keyLength = this.key.length;
    draft.supersedesUntilMs = incoming.supersedesUntilMs;
    draft.oddTtlMs = fitsColumn(incoming.ttlMs) ? NO : incoming.ttlMs;
    draft.valueLength = value === null ? NO : value.byteLength;
    draft.large = value !== null && value.byteLength > INLINE_BYTES_MAX ? this.large.add(value) : NO;
    const place = this.segments.take(draft.measure());
    const bytes = this.segments.bytesOf(place);
    draft.write(bytes, this.segments.offsetOf(place));
    this.key.copyTo(bytes, draft.keyAt);
    if (value !== null && draft.large === NO) bytes.set(value, draft.valueAt);
    if (row !== NONE) this.leave(row);
    this.rows.setPlace(taken, place);
    this.rows.setTtlMs(taken, draft.oddTtlMs === NO ? incoming.ttlMs : ODD_TTL);
    this.rows.setExpiresAtMs(taken, expiresAtMs);
    this.enter(taken, isStub);
    [this.record, this.draft] = [draft, this.record];
    this.recordBytes = bytes;
    this.tidy(draft.size * LOOKED_PER_BYTE);
    return taken;
  }

  /** The value of the row whose record is at hand is over, and what is left is a stub. */
  turnToStub(row: number): void {
    const { record } = this;
    const { size, large } = record;
    const place = this.rows.place(row);
    record.turnToStub(this.recordBytes, this.segments.offsetOf(place));
    if (large !== NO) this.large.remove(large);
    this.segments.give(place, size - record.size);
    this.live.remove(row);
    this.enter(row, true);
  }

  /** The row whose record is at hand is no more. */
  remove(row: number): void {
    this.index.remove(row);
    this.leave(row);
    this.rows.give(row);
  }

  /** What the record at hand says, its bytes apart. */
  known(row: number): Known {
    const { record } = this;
    return {
      hlc: record.hlc,
      origin: this.origin,
      seq: record.seq,
      ttlMs: record.oddTtlMs === NO ? this.rows.ttlMs(row) : record.oddTtlMs,
      expiresAtMs: this.rows.expiresAtMs(row),
      supersedesUntilMs: record.supersedesUntilMs,
      holding: record.holding,
    };
  }

  /** The record at hand as it leaves the store. */
  entry(row: number, key: string, copies: Copies): Entry {
    const { record } = this;
    return {
      key,
      hlc: record.hlc,
      origin: this.origin,
      seq: record.seq,
      ttlMs: record.oddTtlMs === NO ? this.rows.ttlMs(row) : record.oddTtlMs,
      expiresAtMs: this.rows.expiresAtMs(row),
      supersedesUntilMs: record.supersedesUntilMs,
      holding: record.holding,
      value: this.value(copies),
    };
  }

  /** Says what is not as it should be; for tests. */
  audit(): string[] {
    const problems: string[] = [];
    let used = 0;
    const origins = new Set<string>();
    for (const order of [this.live, this.stubs]) {
      for (let row = order.first; row !== NONE; row = this.rows.next(row)) {
        used += this.look(row).size;
        origins.add(this.origin);
        if (this.find(this.keyText) !== row) problems.push('a key leads to another row');
      }
    }
    if (used !== this.segments.used) problems.push(`records take ${this.segments.used}, recomputed ${used}`);
    if (origins.size !== this.origins.size) problems.push('origins are held that nothing came from');
    if (this.rows.size !== this.live.size + this.stubs.size)
      problems.push('there are rows without a version');
    return problems;
  }

  private value(copies: Copies): Uint8Array | null {
    const { record } = this;
    if (record.valueLength === NO) return null;
    if (record.large !== NO) return this.large.get(record.large);
    return copies.of(this.recordBytes, record.valueAt, record.valueLength);
  }

  private newRow(): number {
    const row = this.rows.take();
    this.rows.setHash(row, this.key.hash);
    this.index.add(row);
    return row;
  }

  private enter(row: number, isStub: boolean): void {
    this.rows.setStub(row, isStub);
    (isStub ? this.stubs : this.live).append(row);
  }

  /** The version of this row, whose record is at hand, is over. */
  private leave(row: number): void {
    const { record } = this;
    (this.rows.isStub(row) ? this.stubs : this.live).remove(row);
    this.origins.release(record.origin);
    if (record.large !== NO) this.large.remove(record.large);
    const place = this.rows.place(row);
    markOver(this.segments.bytesOf(place), this.segments.offsetOf(place));
    this.segments.give(place, record.size);
  }

  get hasManyGaps(): boolean {
    return this.segments.hasManyGaps;
  }

  /** Moves records to where there are no gaps, as far as looking at so many bytes leads. */
  tidy(budgetBytes: number): void {
    this.tidying.tidy(budgetBytes);
  }
}

/** Whether a row has room for it. */
function fitsColumn(ttlMs: number): boolean {
  return ttlMs >= 0 && ttlMs < ODD_TTL && Number.isInteger(ttlMs);
}
