// What is stored beside a value, in front of its bytes, so that one command reads both and a HEAD
// reads no byte of the value. The scripts write the same (scripts.ts).
import type { Metadata, ReadRecord, Version } from '../../runtime/data-engine';

/** A form byte, stamp, origin, time to live, deadline by the server's clock, bytes of the value. */
export const HEADER_BYTES = 37;
const FORM = 1;
const VERSION_BYTES = 16;
const ORIGIN_BYTES = 8;

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
  return {
    version: readVersion(stored.subarray(1)),
    ttlMs: readNumber(stored, 17),
    deadlineServerMs: readNumber(stored, 25),
    valueBytes: stored.readUInt32BE(33),
  };
}

/** A copy: small values would keep the whole buffer of a socket alive. */
export function recordOf(facts: StoredFacts, stored: Buffer, deadlineMs: number): ReadRecord {
  const { version, ttlMs } = facts;
  return { value: stored.subarray(HEADER_BYTES), version, ttlMs, deadlineMs };
}

export function metadataOf({ version, ttlMs, valueBytes }: StoredFacts, deadlineMs: number): Metadata {
  return { valueBytes, version, ttlMs, deadlineMs };
}

/** Stamp and origin in 16 bytes. */
export function readVersion(bytes: Buffer): Version {
  return {
    hlc: readNumber(bytes, 0),
    origin: bytes.toString('hex', ORIGIN_BYTES, VERSION_BYTES),
  };
}

export function writeVersion({ hlc, origin }: Version): Buffer {
  const bytes = Buffer.alloc(VERSION_BYTES);
  bytes.writeBigUInt64BE(BigInt(hlc));
  bytes.write(origin, ORIGIN_BYTES, 'hex');
  return bytes;
}

/** 64 bits, of which a double holds 53. */
function readNumber(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

export type LoggedChange =
  | {
      readonly kind: 'put';
      readonly key: Buffer;
      readonly version: Version;
      readonly ttlMs: number;
      readonly deadlineServerMs: number;
      readonly valueBytes: number;
    }
  | { readonly kind: 'expire'; readonly key: Buffer; readonly version: Version };

const PUT_MARK = 0x70;

/** An entry of the stream of changes, as the scripts write it. */
export function readChange(entry: Buffer): LoggedChange {
  const version = readVersion(entry.subarray(1));
  if (entry[0] !== PUT_MARK) return { kind: 'expire', key: entry.subarray(17), version };
  return {
    kind: 'put',
    key: entry.subarray(37),
    version,
    ttlMs: readNumber(entry, 17),
    deadlineServerMs: readNumber(entry, 25),
    valueBytes: entry.readUInt32BE(33),
  };
}
