// One version as bytes in a segment: what a row has no column for, then the key, then the value
// unless that is large. Layout: flags (1 byte), stamp (7), row (4), then as LEB128 the sequence
// number, the origin, the key's length, where there is a value its length, where it is large its
// number; then, where the flags say so, supersedesUntilMs and ttlMs as doubles; key; value. Padded
// to four bytes.
import type { Holding } from './entry';

const IS_OVER = 1;
const HAS_VALUE = 2;
const IS_LARGE = 4;
const IS_STUB = 8;
const SUPERSEDES = 16;
const ODD_TTL = 32;
/** The value's bytes are there still, but nobody's any more. */
const VALUE_IS_OVER = 64;

const FIXED_BYTES = 12;
const STAMP_LOW = 2 ** 32;
const DOUBLE_BYTES = 8;
const STEP = 4;

/** Nothing of the kind: no value, no number of a large one, no time-to-live beside the row's. */
export const NO = -1;

export class RecordForm {
  hlc = 0;
  /** The row that leads here. */
  row = 0;
  seq = 0;
  /** The number of its origin. */
  origin = 0;
  isStub = false;
  keyLength = 0;
  /** Bytes of the value; `NO` when it is not held. */
  valueLength = NO;
  /** The number of a value in a buffer of its own; `NO` when it is here. */
  large = NO;
  supersedesUntilMs = 0;
  /** A time-to-live that does not fit its column; else `NO`. */
  oddTtlMs = NO;

  /** As of the last `read`, `measure` or `write`. */
  keyAt = 0;
  valueAt = 0;
  /** Bytes that it needs, and bytes from its start to the next one. */
  size = 0;
  length = 0;
  /** As of the last `read`: written with a value that is over. */
  hasLostValue = false;

  private readonly double = new Float64Array(1);
  private readonly doubleBytes = new Uint8Array(this.double.buffer);
  private cursor = 0;

  get holding(): Holding {
    if (this.isStub) return 'stub';
    return this.valueLength === NO ? 'not-held' : 'value';
  }

  /** False when the record there is over; then only `size` is of use. */
  read(bytes: Uint8Array, at: number): boolean {
    const flags = bytes[at];
    this.isStub = (flags & IS_STUB) !== 0;
    const low = bytes[at + 1] | (bytes[at + 2] << 8) | (bytes[at + 3] << 16) | (bytes[at + 4] << 24);
    const high = bytes[at + 5] | (bytes[at + 6] << 8) | (bytes[at + 7] << 16);
    this.hlc = high * STAMP_LOW + (low >>> 0);
    this.row = bytes[at + 8] | (bytes[at + 9] << 8) | (bytes[at + 10] << 16) | (bytes[at + 11] << 24);
    this.cursor = at + FIXED_BYTES;
    this.seq = this.number(bytes);
    this.origin = this.number(bytes);
    this.keyLength = this.number(bytes);
    this.valueLength = (flags & HAS_VALUE) === 0 ? NO : this.number(bytes);
    this.large = (flags & IS_LARGE) === 0 ? NO : this.number(bytes);
    this.supersedesUntilMs = (flags & SUPERSEDES) === 0 ? 0 : this.readDouble(bytes);
    this.oddTtlMs = (flags & ODD_TTL) === 0 ? NO : this.readDouble(bytes);
    this.place(at, this.cursor);
    this.length = this.size;
    this.hasLostValue = (flags & VALUE_IS_OVER) !== 0;
    if (this.hasLostValue) this.forgetValue(at);
    return (flags & IS_OVER) === 0;
  }

  /** Makes a stub of the record there, which was read last, without moving it. */
  turnToStub(bytes: Uint8Array, at: number): void {
    bytes[at] |= IS_STUB | VALUE_IS_OVER;
    this.isStub = true;
    this.forgetValue(at);
  }

  /** Sets `size` to the bytes that it needs. */
  measure(): number {
    let bytes = FIXED_BYTES;
    bytes += numberBytes(this.seq) + numberBytes(this.origin) + numberBytes(this.keyLength);
    if (this.valueLength !== NO) bytes += numberBytes(this.valueLength);
    if (this.large !== NO) bytes += numberBytes(this.large);
    if (this.supersedesUntilMs !== 0) bytes += DOUBLE_BYTES;
    if (this.oddTtlMs !== NO) bytes += DOUBLE_BYTES;
    this.place(0, bytes);
    return this.size;
  }

  /** All but the key and the value, whose places it sets. */
  write(bytes: Uint8Array, at: number): void {
    bytes[at] = this.flags();
    const low = (this.hlc % STAMP_LOW) | 0;
    const high = Math.floor(this.hlc / STAMP_LOW);
    bytes[at + 1] = low;
    bytes[at + 2] = low >>> 8;
    bytes[at + 3] = low >>> 16;
    bytes[at + 4] = low >>> 24;
    bytes[at + 5] = high;
    bytes[at + 6] = high >>> 8;
    bytes[at + 7] = high >>> 16;
    bytes[at + 8] = this.row;
    bytes[at + 9] = this.row >>> 8;
    bytes[at + 10] = this.row >>> 16;
    bytes[at + 11] = this.row >>> 24;
    this.cursor = at + FIXED_BYTES;
    this.writeNumber(bytes, this.seq);
    this.writeNumber(bytes, this.origin);
    this.writeNumber(bytes, this.keyLength);
    if (this.valueLength !== NO) this.writeNumber(bytes, this.valueLength);
    if (this.large !== NO) this.writeNumber(bytes, this.large);
    if (this.supersedesUntilMs !== 0) this.writeDouble(bytes, this.supersedesUntilMs);
    if (this.oddTtlMs !== NO) this.writeDouble(bytes, this.oddTtlMs);
    this.place(at, this.cursor);
  }

  /** Bytes of the value in the record itself. */
  get inlineLength(): number {
    return this.valueLength === NO || this.large !== NO ? 0 : this.valueLength;
  }

  private forgetValue(at: number): void {
    this.valueLength = NO;
    this.large = NO;
    this.place(at, this.keyAt);
  }

  private place(at: number, keyAt: number): void {
    this.keyAt = keyAt;
    this.valueAt = keyAt + this.keyLength;
    const end = this.valueAt + this.inlineLength;
    this.size = (end - at + STEP - 1) & ~(STEP - 1);
  }

  private flags(): number {
    let flags = 0;
    if (this.valueLength !== NO) flags |= HAS_VALUE;
    if (this.large !== NO) flags |= IS_LARGE;
    if (this.isStub) flags |= IS_STUB;
    if (this.supersedesUntilMs !== 0) flags |= SUPERSEDES;
    if (this.oddTtlMs !== NO) flags |= ODD_TTL;
    return flags;
  }

  private number(bytes: Uint8Array): number {
    const first = bytes[this.cursor++];
    return first < 128 ? first : this.longNumber(bytes, first & 127);
  }

  private longNumber(bytes: Uint8Array, low: number): number {
    let at = this.cursor;
    let value = low;
    for (let scale = 128; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    this.cursor = at;
    return value;
  }

  private writeNumber(bytes: Uint8Array, value: number): void {
    let rest = value;
    while (rest >= 128) {
      bytes[this.cursor++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    bytes[this.cursor++] = rest;
  }

  private readDouble(bytes: Uint8Array): number {
    for (let i = 0; i < DOUBLE_BYTES; i += 1) this.doubleBytes[i] = bytes[this.cursor++];
    return this.double[0];
  }

  private writeDouble(bytes: Uint8Array, value: number): void {
    this.double[0] = value;
    for (let i = 0; i < DOUBLE_BYTES; i += 1) bytes[this.cursor++] = this.doubleBytes[i];
  }
}

/** Says of the record there that it is over. */
export function markOver(bytes: Uint8Array, at: number): void {
  bytes[at] |= IS_OVER;
}

function numberBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}
