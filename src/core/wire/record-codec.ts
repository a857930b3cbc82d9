// A version on the wire. Ages cross as what they are at the moment of writing; the reader adds the transit.
import type { NodeId } from '../membership/identity';
import type { Entry, Incoming } from '../store/entry';
import { HLC_TICKS_PER_MS } from '../version/version';
import type { ByteReader, ByteWriter } from './bytes';

/** Ages are written in sixteenths of a millisecond. */
const AGE_UNITS_PER_MS = 16;

/** Lives, ages and covers above this (34 years) are nobody's: sums of them must stay exact on the way on. */
const SPAN_MS_MAX = 2 ** 40;

const HAS_VALUE = 1;
const FROM_SENDER = 2;

export function writeRecord(writer: ByteWriter, entry: Entry, sender: NodeId, monoMs: number): void {
  const own = entry.origin === sender;
  writer.u8((entry.value === null ? 0 : HAS_VALUE) | (own ? FROM_SENDER : 0));
  if (!own) writer.nodeId(entry.origin);
  writer.byteString(entry.key);
  writer.varint(entry.hlc);
  writer.varint(entry.seq);
  writer.varint(Math.ceil(entry.ttlMs));
  const ageMs = Math.min(SPAN_MS_MAX, Math.max(0, entry.ttlMs - (entry.expiresAtMs - monoMs)));
  writer.varint(Math.floor(ageMs * AGE_UNITS_PER_MS));
  const coverMs = Math.ceil(entry.supersedesUntilMs - entry.hlc / HLC_TICKS_PER_MS);
  writer.varint(Math.min(SPAN_MS_MAX, Math.max(0, coverMs)));
  if (entry.value !== null) writer.blob(entry.value);
}

export function readRecord(reader: ByteReader, sender: NodeId, transitMs: number): Incoming {
  const flags = reader.u8();
  const origin = (flags & FROM_SENDER) !== 0 ? sender : reader.nodeId();
  const key = reader.byteString();
  const hlc = reader.varint();
  const seq = reader.varint();
  const ttlMs = reader.varint();
  const sentAgeMs = reader.varint() / AGE_UNITS_PER_MS;
  const coverMs = reader.varint();
  if (Math.max(ttlMs, sentAgeMs, coverMs) > SPAN_MS_MAX) reader.ok = false;
  const ageMs = Math.min(SPAN_MS_MAX, sentAgeMs + transitMs);
  const value = (flags & HAS_VALUE) !== 0 ? reader.blob() : null;
  const supersedesUntilMs = coverMs === 0 ? 0 : hlc / HLC_TICKS_PER_MS + coverMs;
  return { key, value, hlc, origin, seq, ttlMs, ageMs, supersedesUntilMs };
}

/** An upper bound of what `writeRecord` writes for this entry. */
export function recordBytesMax(entry: Entry): number {
  return 64 + entry.key.length + (entry.value?.byteLength ?? 0);
}
