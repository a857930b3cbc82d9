// What callers of the client get.

/** A write that a node took. */
export interface Stored {
  /** Of this write, for `minVersion` and to compare. */
  readonly version: string;
  /**
   * Whether as many copies as `wait` asks for hold it (201). False: the node stored it, and
   * replication goes on (202).
   */
  readonly held: boolean;
  /** Nodes known to hold it, and how many are expected. */
  readonly copies: number;
  readonly expectedCopies: number;
  /** On how many hosts it is known to be, and how many are expected. */
  readonly hosts: number;
  readonly expectedHosts: number;
  /** In effect, after the node raised or lowered it. */
  readonly ttlSeconds: number;
  /** Address of the node that took it. */
  readonly node: string;
}

export interface Metadata {
  readonly version: string;
  /** By the clock of the node that took the write. */
  readonly createdAt: Date;
  /** At the write, and left when the node answered. */
  readonly ttlSeconds: number;
  readonly remainingSeconds: number;
  /** Bytes as stored. An encrypted value is 29 bytes longer than what was given. */
  readonly size: number;
  /** Address of the node that answered. */
  readonly node: string;
}

export interface Value extends Metadata {
  readonly bytes: Uint8Array;
  /** As UTF-8. Throws a TypeError when it is none. */
  text(): string;
  /** Throws a SyntaxError when it is no JSON. */
  json(): unknown;
}

export interface StreamedValue extends Metadata {
  /**
   * The bytes. When a node ends while they come, another one gives the rest of the same version.
   * Cancel it when you do not read it to its end.
   */
  readonly stream: ReadableStream<Uint8Array>;
}

interface Positioned {
  /** Where a later watch goes on, at any node. Null as long as no node gave one. */
  readonly position: string | null;
}

export interface PutChange extends Positioned {
  readonly type: 'put';
  readonly key: string;
  readonly version: string;
  readonly ttlSeconds: number;
  readonly remainingSeconds: number;
  /** Bytes as stored. */
  readonly size: number;
  /** Id of the node that took the write. */
  readonly origin: string;
  readonly createdAt: Date;
  /** With `values`, when it is short enough, and could be decrypted. */
  readonly value?: Uint8Array;
}

export interface ExpireChange extends Positioned {
  readonly type: 'expire';
  readonly key: string;
  readonly version: string;
}

export type MemberState = 'alive' | 'suspect' | 'dead' | 'left';

export interface MemberChange extends Positioned {
  readonly type: 'member';
  readonly id: string;
  readonly name: string;
  /** Null: the stream has begun, and this is the state now. */
  readonly from: MemberState | null;
  readonly to: MemberState | 'forgotten';
  readonly reason: string;
}

export interface ResyncChange extends Positioned {
  readonly type: 'resync';
  /** As docs/events.md lists them, and `no-position`: the first node ended before it gave one. */
  readonly reason: string;
}

export interface CaughtUpChange extends Positioned {
  readonly type: 'caught-up';
}

/** `resync`: something may have been missed. List the keys, or watch anew since `start`. */
export type Change = PutChange | ExpireChange | MemberChange | ResyncChange | CaughtUpChange;

/** Of `GET /peers`. Nodes of a later release may tell more. */
export interface PeerReport {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly state: MemberState;
  readonly incarnation: number;
  readonly rtt_ms: number | null;
  readonly last_seen: string | null;
  /** Equal for nodes that share a loopback interface. */
  readonly host: string;
  readonly failure_domain: string;
  readonly reach: 'direct' | 'indirect';
  readonly lagging: boolean;
  readonly full: boolean;
  readonly in_step: boolean;
  readonly missing_writes: number;
  readonly behind_writes: number;
  readonly queued_bytes: number;
  readonly clock_offset_ms: number | null;
  readonly digest: Digest | null;
}

export interface Digest {
  readonly keys: number;
  readonly used_bytes: number;
  readonly limit_bytes: number;
  readonly puts_per_second: number;
  readonly gets_per_second: number;
  readonly loop_delay_ms: number;
  readonly missing_writes: number;
}

export interface Peers {
  readonly node_id: string;
  readonly peers: readonly PeerReport[];
  readonly last_updated: string;
}

/** Of `GET /status`. Its parts are described by `/openapi.json` of the node. */
export interface Status {
  readonly node_id: string;
  readonly name: string;
  readonly port: number;
  readonly cluster: string;
  readonly version: string;
  readonly uptime: string;
  readonly uptime_seconds: number;
  readonly state: 'starting' | 'syncing' | 'ready' | 'draining';
  readonly storage: Figures;
  readonly memory: Figures;
  readonly digest: Digest;
  readonly replication: Figures;
  readonly membership: Figures;
  readonly event_loop: Figures;
  readonly client_quota: Figures;
  readonly config: Readonly<Record<string, unknown>>;
}

export type Figures = Readonly<Record<string, unknown>>;
