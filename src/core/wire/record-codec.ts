// A version on the wire. Ages cross as what they are at the moment of writing; the reader adds the
// transit.
import type { NodeId } from '../base/identity';
import { INLINE_BYTES_MAX, type Entry, type Incoming } from '../store/entry';
import { HLC_TICKS_PER_MS } from '../base/version';
import {
  AGE_UNITS_PER_MS,
  BLOB_BYTES_MAX,
  KEY_BYTES_MAX,
  SEQUENCE_MAX,
  SPAN_MS_MAX,
  STAMP_MAX,
} from '../base/bounds';
import type { ByteReader } from './byte-reader';
import type { ByteWriter } from './byte-writer';

const AGE_UNITS_MAX = SPAN_MS_MAX * AGE_UNITS_PER_MS;

const HAS_VALUE = 1;
const FROM_SENDER = 2;

export function writeRecord(writer: ByteWriter, entry: Entry, sender: NodeId, monoMs: number): void {
  const own = entry.origin === sender;
  writer.u8((entry.value === null ? 0 : HAS_VALUE) | (own ? FROM_SENDER : 0));
  if (!own) writer.nodeId(entry.origin);
  writer.byteString(entry.key);
  writer.varint(entry.hlc, STAMP_MAX);
  writer.varint(entry.seq, SEQUENCE_MAX);
  writer.varint(Math.ceil(entry.ttlMs), SPAN_MS_MAX);
  const ageMs = entry.ttlMs - (entry.expiresAtMs - monoMs);
  writer.varint(ageMs * AGE_UNITS_PER_MS, AGE_UNITS_MAX);
  const coverMs = Math.ceil(entry.supersedesUntilMs - entry.hlc / HLC_TICKS_PER_MS);
  writer.varint(coverMs, SPAN_MS_MAX);
  if (entry.value !== null) writer.blob(entry.value);
}

/**
 * @param isTakenAtOnce what is read is stored, which copies small values, or forgotten before the
 *   call that gave the frame returns
 */
export function readRecord(
  reader: ByteReader,
  sender: NodeId,
  transitMs: number,
  isTakenAtOnce: boolean,
): Incoming {
  const flags = reader.u8();
  const origin = (flags & FROM_SENDER) !== 0 ? sender : reader.nodeId();
  const key = reader.key(KEY_BYTES_MAX);
  const hlc = reader.varint(STAMP_MAX);
  const seq = reader.varint(SEQUENCE_MAX);
  const ttlMs = reader.varint(SPAN_MS_MAX);
  const sentAgeMs = reader.varint(AGE_UNITS_MAX) / AGE_UNITS_PER_MS;
  const coverMs = reader.varint(SPAN_MS_MAX);
  const ageMs = Math.min(SPAN_MS_MAX, sentAgeMs + transitMs);
  const value = (flags & HAS_VALUE) !== 0 ? readValue(reader, isTakenAtOnce) : null;
  const supersedesUntilMs = coverMs === 0 ? 0 : hlc / HLC_TICKS_PER_MS + coverMs;
  return { key, value, hlc, origin, seq, ttlMs, ageMs, supersedesUntilMs };
}

/** A copy where it is kept and its frame changes. `slice` of a Buffer is none. */
function readValue(reader: ByteReader, isTakenAtOnce: boolean): Uint8Array {
  const view = reader.blob(BLOB_BYTES_MAX);
  const isKept = !isTakenAtOnce || view.byteLength > INLINE_BYTES_MAX;
  return reader.isLent && isKept ? new Uint8Array(view) : view;
}

/** An upper bound of what `writeRecord` writes for this entry. */
export function recordBytesMax(entry: Entry): number {
  return 64 + entry.key.length + (entry.value?.byteLength ?? 0);
}
