// One version of one key as this node holds it. A new version is a new entry; an entry changes only
// from value to stub. The hash fields feed the hash tree, prev/next/bucket belong to the deadline
// wheel.
import { hashText, KEY_BASIS_A, KEY_BASIS_B } from './hash-tree';
import type { NodeId } from '../base/identity';

/**
 * `value`: readable until its deadline. `not-held`: live elsewhere, no room here. `stub`: expired,
 * remembered.
 */
export type Holding = 'value' | 'not-held' | 'stub';

export interface Entry {
  readonly key: string;
  readonly keyHashA: number;
  readonly keyHashB: number;
  readonly hlc: number;
  readonly origin: NodeId;
  /** The origin's write counter. */
  readonly seq: number;
  readonly ttlMs: number;
  /**
   * Monotonic deadline of the value; fixed when this node first stored the version, brought forward
   * only after a suspend.
   */
  expiresAtMs: number;
  /** Wall-clock milliseconds until which an older version of this key may be alive somewhere. */
  readonly supersedesUntilMs: number;
  holding: Holding;
  value: Uint8Array | null;
  /** Where the wheel must look at this entry next: expiresAtMs, later the end of the stub. */
  wheelAtMs: number;
  bucket: number;
  prev: Entry | null;
  next: Entry | null;
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

/**
 * Bytes a live entry is charged beside key and value, for the entry object, map slots and buffer
 * header (docs/operations.md, Memory).
 */
export const ENTRY_OVERHEAD_BYTES = 360;
/** Bytes a stub is charged beside its key. */
export const STUB_OVERHEAD_BYTES = 280;

export function entryBytes(entry: Entry): number {
  return entry.value === null
    ? entry.key.length + STUB_OVERHEAD_BYTES
    : entry.key.length + entry.value.byteLength + ENTRY_OVERHEAD_BYTES;
}

/** A version as it is kept: `value` null = its bytes are not. */
export function makeEntry(
  incoming: Incoming,
  expiresAtMs: number,
  value: Uint8Array | null,
  isLive: boolean,
): Entry {
  return {
    key: incoming.key,
    keyHashA: hashText(incoming.key, KEY_BASIS_A),
    keyHashB: hashText(incoming.key, KEY_BASIS_B),
    hlc: incoming.hlc,
    origin: incoming.origin,
    seq: incoming.seq,
    ttlMs: incoming.ttlMs,
    expiresAtMs,
    supersedesUntilMs: incoming.supersedesUntilMs,
    holding: value !== null ? 'value' : isLive ? 'not-held' : 'stub',
    value: value === null ? null : exclusive(value),
    wheelAtMs: 0,
    bucket: 0,
    prev: null,
    next: null,
  };
}

/** The same bytes in a buffer of their own: a view would keep a whole frame or pool slab alive. */
function exclusive(value: Uint8Array): Uint8Array {
  return value.byteLength === value.buffer.byteLength ? value : new Uint8Array(value);
}
