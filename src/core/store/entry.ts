// One version of one key as it leaves the store: a snapshot that nothing changes any more, whatever
// becomes of the key. Its value is a copy, but for large ones, which are shared and never move.
import type { NodeId } from '../base/identity';
import type { Version } from '../base/version';

/**
 * `value`: readable until its deadline. `not-held`: live elsewhere, no room here. `stub`: expired,
 * remembered.
 */
export type Holding = 'value' | 'not-held' | 'stub';

/** What is known of a key, its bytes apart. */
export interface Known {
  readonly hlc: number;
  readonly origin: NodeId;
  /** The origin's write counter. */
  readonly seq: number;
  readonly ttlMs: number;
  /** Monotonic deadline of the value; fixed when this node first stored the version. */
  readonly expiresAtMs: number;
  /** Wall-clock milliseconds until which an older version of this key may be alive somewhere. */
  readonly supersedesUntilMs: number;
  readonly holding: Holding;
}

export interface Entry extends Known {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** A version that has just ended, for those who look before they return. */
export interface Ended extends Version {
  readonly keyText: string;
}

/** Called within the call that made the change; must not call back. */
export interface StoreWatchers {
  /** The deadline of a value has come. */
  readonly ended?: ((ended: Ended) => void) | undefined;
  /** A version came that is the newest of its key and is over already. */
  readonly cameOver?: ((ended: Ended) => void) | undefined;
  /**
   * A version is the newest of its key, and readable: here, or elsewhere where there was no room.
   * A value of up to `INLINE_BYTES_MAX` bytes may change after the call.
   */
  readonly stored?: ((entry: Entry) => void) | undefined;
  /** A version is the newest of its key, though one with a greater stamp was told of before. */
  readonly wentBack?: (() => void) | undefined;
}

/** A version as those see it who go through all of them. */
export interface Listed {
  readonly key: string;
  readonly known: Known;
  readonly valueBytes: number;
  /** null where it is not held, or longer than was asked for. */
  readonly value: Uint8Array | null;
}

/** A version on its way into the store: from a client, a peer's write, a snapshot or a fetch. */
export interface Incoming {
  readonly key: string;
  /** null when the sender holds no bytes for it (stub or not-held). */
  readonly value: Uint8Array | null;
  readonly hlc: number;
  readonly origin: NodeId;
  readonly seq: number;
  readonly ttlMs: number;
  /** Milliseconds this version has lived already, transit included. */
  readonly ageMs: number;
  readonly supersedesUntilMs: number;
}

/** A value above this many bytes has a buffer of its own, which readers share. */
export const INLINE_BYTES_MAX = 4096;

/** Bytes a live entry is charged beside key and value (docs/operations.md, Memory). */
export const ENTRY_OVERHEAD_BYTES = 80;
/** Bytes a stub is charged beside its key. */
export const STUB_OVERHEAD_BYTES = 64;
/** Bytes that a buffer of its own costs beside the value in it. */
const BUFFER_OVERHEAD_BYTES = 320;

/** What a version takes of the storage limit; `valueBytes` null = its value is not held. */
export function chargedBytes(keyBytes: number, valueBytes: number | null): number {
  if (valueBytes === null) return keyBytes + STUB_OVERHEAD_BYTES;
  const buffer = valueBytes > INLINE_BYTES_MAX ? BUFFER_OVERHEAD_BYTES : 0;
  return keyBytes + valueBytes + ENTRY_OVERHEAD_BYTES + buffer;
}

/** The same version to be told of: its bytes stay where they are. */
export function withoutValue(entry: Entry): Entry {
  return { ...entry, value: null };
}

/** A version that is not stored, as it will be read. */
export function makeEntry(
  incoming: Incoming,
  expiresAtMs: number,
  value: Uint8Array | null,
  isLive: boolean,
): Entry {
  return {
    key: incoming.key,
    hlc: incoming.hlc,
    origin: incoming.origin,
    seq: incoming.seq,
    ttlMs: incoming.ttlMs,
    expiresAtMs,
    supersedesUntilMs: incoming.supersedesUntilMs,
    holding: value !== null ? 'value' : isLive ? 'not-held' : 'stub',
    value,
  };
}
