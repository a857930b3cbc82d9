// The one thing that the modules and src/http know of storage. The gossip runtime implements it. A
// contract suite (test/support/fakes/data-engine-contract.ts) holds every implementation to the
// same behaviour.
import type { Metadata, PutOutcome as CorePutOutcome, ReadRecord } from '../core/base/effects';
import type { WriteLevel } from '../core/base/inputs';
import type { Version } from '../core/base/version';

export { KEY_BYTES_MAX, STAMP_MAX } from '../core/base/bounds';
export { compareVersions, HLC_TICKS_PER_MS } from '../core/base/version';
export { chargedBytes, INLINE_BYTES_MAX } from '../core/store/entry';
export type { Metadata, ReadRecord, Version, WriteLevel };

/**
 * `full` at `store`: the servers that hold the values have no room (507). `away`: they did not
 * confirm the write in time (503); whether it is there is not known.
 */
export type PutOutcome =
  | CorePutOutcome
  | {
      readonly kind: 'full';
      readonly at: 'store';
      readonly limitBytes: number;
      readonly usedBytes: number;
    }
  | {
      readonly kind: 'away';
      /** Nothing was stored: it was not sent, or the server refused. */
      readonly isUndone?: boolean;
    };

/** Whether a write may replace what is there; null = nothing is. */
export type WriteGuard = (held: Version | null) => boolean;

/**
 * Why a guarded write was not done. `undecided`: what is there could not be found out. `contended`:
 * others wrote the key each time between the judgement and the write.
 */
export type Unguarded =
  | { readonly kind: 'unmet'; readonly held: Version | null }
  | { readonly kind: 'undecided'; readonly because: Extract<Fetched, string> | 'contended' };

/** Where the values are, is out of reach. */
export class EngineAway extends Error {
  override readonly name = 'EngineAway';

  /** @param isUndone what was asked was not done, and will not be */
  constructor(
    message: string,
    readonly isUndone = false,
  ) {
    super(message);
  }
}

/** More waits for where the values are than may. */
export class EngineBusy extends Error {
  override readonly name: string = 'EngineBusy';
}

/**
 * `starting`: no peer known yet, still looking. `syncing`: filling up from a peer. `ready`: answers
 * for all.
 */
export type EngineState = 'starting' | 'syncing' | 'ready' | 'draining';

/**
 * `unknown`: whether there is such a value could not be found out in time. `busy`: too many reads
 * wait for peers already. `away`: where the values are, is out of reach.
 */
export type Fetched = ReadRecord | null | 'unknown' | 'busy' | 'away';

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

/** Plain data, shown as it is; names become snake case. */
export interface EngineAbout {
  readonly engine: 'gossip' | 'redis';
  /** Whether reads and writes can be answered now. */
  readonly isReachable: boolean;
  readonly [fact: string]: unknown;
}

/** A version became the newest of its key, and it is readable. */
export interface PutChange {
  readonly kind: 'put';
  readonly key: string;
  readonly version: Version;
  readonly ttlMs: number;
  /** On the clock of `remainingMs`. */
  readonly deadlineMs: number;
  /** null where this node has no room for it and does not know. */
  readonly valueBytes: number | null;
  /**
   * For those who look before they return; null where it is not at hand, or longer than asked for.
   */
  readonly value: Uint8Array | null;
}

/** A version is over: nothing is readable under its key any more. */
export interface ExpireChange {
  readonly kind: 'expire';
  readonly key: string;
  readonly version: Version;
}

/** Whoever has heard all changes may have missed some, or have heard some that were taken back. */
export interface UnsureChange {
  readonly kind: 'unsure';
  readonly reason: Extract<ResyncReason, 'storage-full' | 'clock-corrected' | 'position-too-old'>;
}

export type EngineChange = PutChange | ExpireChange | UnsureChange;

/**
 * Why something may have been missed. `position-unknown`: no position of this network.
 * `position-too-old`: what ended since is forgotten. `position-ahead`: something that was told
 * before is not here. `storage-full`: this node has no room for all that there is.
 * `clock-corrected`: writes were stamped too far ahead, and have the stamp of their time now.
 */
export type ResyncReason =
  'position-unknown' | 'position-too-old' | 'position-ahead' | 'storage-full' | 'clock-corrected';

/**
 * `syncing`: this node has not been filled by its peers in time. `gone`: nobody listens any more.
 */
export type CaughtUp = 'caught-up' | ResyncReason | 'syncing' | 'gone';

export interface CatchUp {
  /** What `position` was, here or at another node; null = tell all that is readable. */
  readonly since: string | null;
  readonly prefix: string;
  /** Values up to this are told with their versions; -1 = none. */
  readonly valueBytesMax: number;
  /** Who asks: the same name for all that one client asks. */
  readonly client: string;
  /**
   * From here on the reader must hear of changes as they happen. Not called for `syncing`, `gone`.
   */
  began(): void;
  /** What it missed, in any order of keys. The next part waits until this is done. */
  take(changes: readonly EngineChange[]): Promise<void>;
}

/** The connection of whoever asks. */
export interface Client {
  /** Nobody is there any more. */
  readonly destroyed: boolean;
}

export interface DataEngine {
  /**
   * Stores, replicates, and resolves when the level is met or cannot be met in time. Rejects only
   * on a bug.
   */
  put(key: Uint8Array, value: Uint8Array, ttlMs: number, level: WriteLevel): Promise<PutOutcome>;
  /**
   * The same, if the guard lets it. It is asked in one step with the write, about the newest
   * version that is known: peers are asked before where one read of this key would ask them.
   */
  putIf(
    key: Uint8Array,
    value: Uint8Array,
    ttlMs: number,
    level: WriteLevel,
    guard: WriteGuard,
  ): Promise<PutOutcome | Unguarded>;
  /**
   * The live record, null when absent or expired. A promise only when a peer must be asked: this
   * node is syncing, behind, full, or holds an older version than `minVersion`. Callers must not
   * change the value's bytes. For a client that has gone meanwhile nothing more is fetched.
   */
  get(key: Uint8Array, minVersion?: Version, client?: Client): ReadRecord | null | Promise<Fetched>;
  /**
   * The same for a reader that needs to know of the value: a peer that is asked sends no bytes of
   * it.
   */
  describe(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<Described>;
  /** A client asks for a value: once for each, however often that is looked for. */
  noteRead(): void;
  /** What this node itself holds now: asks nobody. */
  peek(key: Uint8Array): ReadRecord | null;
  /**
   * Live keys with `prefix`, at most `limit` (0 = no limit), behind `cursor` (exclusive). A page
   * may have fewer, where the keys are long or many: then `nextCursor` says so. Never blocks the
   * loop for long. Ends early when `gone` aborts. What it resolves with then is of no use.
   * @throws EngineAway, EngineBusy
   */
  list(prefix: string, limit: number, cursor: string, gone?: AbortSignal): Promise<KeyPage>;
  stats(): EngineStats;
  /** What a value under a key of so many bytes takes of the `limitBytes` of `stats`. */
  chargedBytes(keyBytes: number, valueBytes: number): number;
  state(): EngineState;
  /**
   * A list of what is held here is a list of all, as far as this node knows. False while it calls
   * nothing absent.
   */
  listsAll(): boolean;
  /** For /status and the readiness check: what holds the values, and how it fares. */
  about(): EngineAbout;
  /** Milliseconds until `record` expires, at least 0. */
  remainingMs(record: Pick<ReadRecord, 'deadlineMs'>): number;
  /**
   * Calls `listener` with the changes of an event-loop turn, in order, never within the call that
   * made them. Returns the unsubscribe.
   */
  subscribe(listener: (changes: readonly EngineChange[]) => void): () => void;
  /**
   * How far somebody is who has heard all changes until now: text that any node of the network
   * understands, of the alphabet of base64url. Null while something of the network is missing here.
   */
  position(): string | null;
  /** Tells a reader what it missed since a position. It waits a while for what this node lacks. */
  catchUp(asked: CatchUp, gone: AbortSignal): Promise<CaughtUp>;
}
