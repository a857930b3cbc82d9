// What is stored beside a value, in front of its bytes, so that one command reads both and a HEAD
// reads no byte of the value. The scripts write the same (scripts.ts).
import type { Metadata, ReadRecord, Version } from '../../runtime/data-engine';

/** A form byte, deadline by the server's clock, stamp, origin, bytes of the value, time to live. */
export const HEADER_BYTES = 37;
const FORM = 2;
const VERSION_BYTES = 16;
const STAMP_BYTES = 8;

/** By the clock of the server: the caller knows how its own stands to that. */
export interface StoredFacts {
  readonly version: Version;
  readonly ttlMs: number;
  readonly deadlineServerMs: number;
  readonly valueBytes: number;
}

/** Null for what this engine has not written. */
export function readFacts(stored: Buffer): StoredFacts | null {
  if (stored.length < HEADER_BYTES || stored[0] !== FORM) return null;
  return factsOf(stored);
}

/** Behind the first byte. */
function factsOf(bytes: Buffer): StoredFacts {
  return {
    deadlineServerMs: readNumber(bytes, 1),
    version: readVersion(bytes, 9),
    valueBytes: bytes.readUInt32BE(25),
    ttlMs: readNumber(bytes, 29),
  };
}

/** What is stored between the deadline, which the script puts in front, and the value. */
export function writeFacts(stamp: number, origin: Buffer, valueBytes: number, ttlMs: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES - 9);
  writeNumber(bytes, stamp, 0);
  bytes.set(origin, 8);
  bytes.writeUInt32BE(valueBytes, 16);
  writeNumber(bytes, ttlMs, 20);
  return bytes;
}

/** Of small values a copy: they would keep all that came with them alive. */
export function recordOf(facts: StoredFacts, stored: Buffer, deadlineMs: number): ReadRecord {
  const { version, ttlMs } = facts;
  const value = stored.subarray(HEADER_BYTES);
  const isMost = 2 * value.length >= stored.buffer.byteLength;
  return { value: isMost ? value : Buffer.from(value), version, ttlMs, deadlineMs };
}

export function metadataOf({ version, ttlMs, valueBytes }: StoredFacts, deadlineMs: number): Metadata {
  return { valueBytes, version, ttlMs, deadlineMs };
}

/** Stamp and origin in 16 bytes. */
export function readVersion(bytes: Buffer, at = 0): Version {
  return {
    hlc: readNumber(bytes, at),
    origin: bytes.toString('hex', at + STAMP_BYTES, at + VERSION_BYTES),
  };
}

export function writeVersion({ hlc, origin }: Version): Buffer {
  const bytes = Buffer.alloc(VERSION_BYTES);
  writeNumber(bytes, hlc, 0);
  bytes.write(origin, STAMP_BYTES, 'hex');
  return bytes;
}

/** 64 bits, of which a double holds 53. */
function readNumber(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

function writeNumber(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32BE(Math.floor(value / 2 ** 32), at);
  bytes.writeUInt32BE(value >>> 0, at + 4);
}

export type LoggedChange =
  | (StoredFacts & { readonly kind: 'put'; readonly key: Buffer })
  | { readonly kind: 'expire'; readonly key: Buffer; readonly version: Version };

const PUT_MARK = 0x70;

/** An entry of the stream of changes, as the scripts write it. */
export function readChange(entry: Buffer): LoggedChange {
  if (entry[0] === PUT_MARK) return { kind: 'put', key: entry.subarray(HEADER_BYTES), ...factsOf(entry) };
  return { kind: 'expire', key: entry.subarray(1 + VERSION_BYTES), version: readVersion(entry, 1) };
}
