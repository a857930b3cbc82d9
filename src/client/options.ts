// What callers of the client say. Times are in the unit that the name ends with.

export interface RepramOptions {
  /**
   * Nodes to begin with: `host:port` or URLs, http or https, a path prefix allowed. The first one
   * that works is used as long as it works.
   */
  readonly nodes: string | readonly string[];
  /** For one call with all that is tried. Default 10 000. */
  readonly timeoutMs?: number;
  /** How often a call is tried again after its first try. Default 20; 0 = one try, at one node. */
  readonly retries?: number;
  /**
   * A node that says nothing for so long is not waited for alone: the next one is asked as well,
   * and the first answer counts. Default 500.
   */
  readonly hedgeMs?: number;
  /**
   * Encrypts values before they leave, and decrypts them when they come: 32 bytes, the same in
   * base64url, or a CryptoKey of AES-GCM. Nobody else learns it.
   */
  readonly encryptionKey?: EncryptionKey;
  /**
   * Bytes of the largest value that `get` reads. Default 33 554 432: no node takes a larger one.
   * `stream` has no such limit.
   */
  readonly valueBytesMax?: number;
  /** In place of the global one. */
  readonly fetch?: typeof fetch;
  /** Whether nodes tell of further nodes. Default true. */
  readonly learnNodes?: boolean;
}

/** As WebCrypto has it, in browsers and elsewhere. */
export interface AesKey {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string };
  readonly usages: readonly string[];
}

export type EncryptionKey = Uint8Array | string | AesKey;

export type Key = string | Uint8Array;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** For this call with all that is tried. Default: the client's. */
  readonly timeoutMs?: number;
}

/** `one`: the node that is asked. `quorum`: a majority. `all`: every expected node. */
export type WriteLevel = 'one' | 'quorum' | 'all';

/** A function gives the same bytes anew each time that it is called: a write may be tried again. */
export type ValueSource = string | Uint8Array | Blob | (() => ReadableStream<Uint8Array>);

export interface Progress {
  /** Handed on for this try; it begins anew when another node is tried. */
  readonly sentBytes: number;
  /** Null when nobody knows. */
  readonly totalBytes: number | null;
}

export interface PutOptions extends CallOptions {
  /**
   * How long the value lives. Nodes raise it to their least and lower it to their greatest.
   * Default: the node's.
   */
  readonly ttlSeconds?: number;
  /** What the answer waits for. Default `quorum`. */
  readonly wait?: WriteLevel;
  /** Of a value that is a function: so that a node refuses what is too large before it comes. */
  readonly contentLength?: number;
  /** Called as bytes are handed on. Browsers do not tell: there it is called at the end. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface GetOptions extends CallOptions {
  /** The version must be this one or a newer one. Default: what this client wrote itself. */
  readonly minVersion?: string;
  /** Waits so long for the key, or with `minVersion` for a version that is new enough. */
  readonly waitSeconds?: number;
}

export interface KeysOptions extends CallOptions {
  readonly prefix?: string;
  /** Keys asked for at a time, 1 to 10 000. Default 1000. `timeoutMs` is for each page. */
  readonly pageSize?: number;
}

export type ChangeType = 'put' | 'expire' | 'member';

export interface WatchOptions {
  readonly prefix?: string;
  /** Default: all. */
  readonly types?: readonly ChangeType[];
  /** Whether a `put` brings values of up to 4096 bytes. Default false. */
  readonly values?: boolean;
  /** A `position` of an earlier change; `start`: all there is comes first. Default: from now on. */
  readonly since?: string;
  readonly signal?: AbortSignal;
  /** For the first connection; later ones are tried without end. Default: the client's. */
  readonly timeoutMs?: number;
  /** Called when the stream begins at a node, the first one or another. */
  readonly onConnect?: (node: string) => void;
}
