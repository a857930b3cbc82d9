// The one thing that the modules and src/http know of storage. The gossip runtime implements it. A
// contract suite (test/support/fakes/data-engine-contract.ts) holds every implementation to the
// same behaviour.
import type { Metadata, PutOutcome, ReadRecord } from '../core/base/effects';
import type { WriteLevel } from '../core/base/inputs';
import type { Version } from '../core/base/version';

export { chargedBytes, INLINE_BYTES_MAX } from '../core/store/entry';
export type { Metadata, PutOutcome, ReadRecord, Version, WriteLevel };

/**
 * `starting`: no peer known yet, still looking. `syncing`: filling up from a peer. `ready`: answers
 * for all.
 */
export type EngineState = 'starting' | 'syncing' | 'ready' | 'draining';

/**
 * `unknown`: whether there is such a value could not be found out in time. `busy`: too many reads
 * wait for peers already.
 */
export type Fetched = ReadRecord | null | 'unknown' | 'busy';

/** What is known of a value; its bytes only where they were at hand. */
export type Described = Metadata | Fetched;

export interface KeyPage {
  /** Ascending bytewise (UTF-8) order; only keys that are live now. */
  readonly keys: readonly string[];
  /** Pass as `cursor` to continue behind the last key; null at the end. */
  readonly nextCursor: string | null;
}

export interface EngineStats {
  readonly keys: number;
  readonly stubs: number;
  readonly valueBytes: number;
  readonly usedBytes: number;
  readonly limitBytes: number;
}

export type EngineChange =
  | { readonly kind: 'put'; readonly key: string; readonly version: Version; readonly ttlMs: number }
  | { readonly kind: 'expire'; readonly key: string };

export interface DataEngine {
  /**
   * Stores, replicates, and resolves when the level is met or cannot be met in time. Rejects only
   * on a bug.
   */
  put(key: Uint8Array, value: Uint8Array, ttlMs: number, level: WriteLevel): Promise<PutOutcome>;
  /**
   * The live record, null when absent or expired. A promise only when a peer must be asked: this
   * node is syncing, behind, full, or holds an older version than `minVersion`. Callers must not
   * change the value's bytes.
   */
  get(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<Fetched>;
  /**
   * The same for a reader that needs to know of the value: a peer that is asked sends no bytes of
   * it.
   */
  describe(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<Described>;
  /** What this node itself holds now: asks nobody and counts as no read. */
  peek(key: Uint8Array): ReadRecord | null;
  /**
   * Live keys with `prefix`, at most `limit` (0 = all), behind `cursor` (exclusive). Never blocks
   * the loop for long. Ends early when `gone` aborts. What it resolves with then is of no use.
   */
  list(prefix: string, limit: number, cursor: string, gone?: AbortSignal): Promise<KeyPage>;
  stats(): EngineStats;
  state(): EngineState;
  /** Milliseconds until `record` expires, at least 0. */
  remainingMs(record: Pick<ReadRecord, 'deadlineMs'>): number;
  /**
   * Calls `listener` after each change, in order, never within the call that made it. Returns the
   * unsubscribe.
   */
  subscribe(listener: (change: EngineChange) => void): () => void;
}
