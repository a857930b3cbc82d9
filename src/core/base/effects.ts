// Everything a node wants done to the world. The core writes effects into a sink that its caller
// supplies; the runtime performs them, the simulator records and delivers them. An effect never
// answers; answers come as inputs.
import type { Endpoint, NodeId } from './identity';
import type { Version } from './version';
import type { LinkId, RequestId } from './inputs';

/** A value as readers see it. */
export interface ReadRecord {
  readonly value: Uint8Array;
  readonly version: Version;
  readonly ttlMs: number;
  /** Monotonic deadline on this node. */
  readonly deadlineMs: number;
}

/** What readers are told of a value beside its bytes. */
export interface Metadata {
  readonly valueBytes: number;
  readonly version: Version;
  readonly ttlMs: number;
  /** Monotonic deadline on this node. */
  readonly deadlineMs: number;
}

export type PutOutcome =
  /**
   * `held`: the asked level holds it (201). `stored`: this node holds it, replication goes on
   * (202).
   */
  | {
      readonly kind: 'held' | 'stored';
      readonly version: Version;
      /** Distinct nodes known to hold it, this one included. */
      readonly acks: number;
      /** Nodes the cluster is expected to have. */
      readonly expected: number;
      /** The same in hosts: those known to hold it, and those expected. */
      readonly hosts: number;
      readonly expectedHosts: number;
    }
  /**
   * There is no room here, or for a new key at so many peers that no quorum could hold it (507
   * storage-full); nothing was stored and nothing dropped.
   */
  | {
      readonly kind: 'full';
      readonly at: 'here' | 'peers';
      readonly limitBytes: number;
      readonly usedBytes: number;
    }
  /** More writes are on their way to peers than they take (503 busy); nothing was stored. */
  | { readonly kind: 'busy' }
  /**
   * No stamp can be above what is held: the time is beyond them (503 clock-wrong); nothing was
   * stored.
   */
  | { readonly kind: 'unstamped' }
  | { readonly kind: 'draining' };

export type FetchOutcome =
  | { readonly kind: 'found'; readonly record: ReadRecord }
  /** Only where the metadata alone was asked for. */
  | { readonly kind: 'described'; readonly metadata: Metadata }
  /**
   * `absent`: there is none. `unknown`: this node does not know yet, and nobody who knows answered
   * in time (503 syncing).
   */
  | { readonly kind: 'absent' | 'unknown' }
  /** More reads ask peers already than may at once (503 busy). */
  | { readonly kind: 'busy' };

export type CloseReason =
  'duplicate' | 'replaced' | 'dead' | 'silent' | 'protocol-error' | 'leaving' | 'self' | 'crowded';

/**
 * Transitions worth a log line; `docs/operations.md` lists them. One per transition, never one per
 * message.
 */
export type Notification =
  | { readonly kind: 'candidate-ignored'; readonly endpoint: Endpoint; readonly reason: string }
  | { readonly kind: 'peer-joined'; readonly id: NodeId; readonly name: string; readonly endpoint: Endpoint }
  | { readonly kind: 'peer-link-lost'; readonly id: NodeId; readonly name: string }
  | { readonly kind: 'member-suspect'; readonly id: NodeId; readonly name: string; readonly by: NodeId }
  | { readonly kind: 'member-alive'; readonly id: NodeId; readonly name: string }
  | { readonly kind: 'member-dead'; readonly id: NodeId; readonly name: string; readonly reason: string }
  | { readonly kind: 'member-left'; readonly id: NodeId; readonly name: string }
  | { readonly kind: 'member-replaced'; readonly id: NodeId; readonly name: string; readonly by: NodeId }
  | { readonly kind: 'network-formed'; readonly members: number }
  | { readonly kind: 'sync-started'; readonly from: NodeId }
  | {
      readonly kind: 'synced';
      readonly keys: number;
      readonly durationMs: number;
      readonly from: NodeId | null;
    }
  | { readonly kind: 'repaired'; readonly from: NodeId; readonly records: number; readonly how: string }
  | { readonly kind: 'quorum-missed'; readonly acks: number; readonly needed: number }
  | { readonly kind: 'quorum-met-again' }
  /** `times`: how often since it was last told of this peer. */
  | {
      readonly kind: 'peer-lagging';
      readonly id: NodeId;
      readonly name: string;
      readonly windowMs: number;
      readonly times: number;
    }
  | { readonly kind: 'peer-caught-up'; readonly id: NodeId; readonly name: string }
  | { readonly kind: 'clock-offset'; readonly offsetMs: number }
  /** The time that would be stamped; writes are refused until it can be. */
  | { readonly kind: 'clock-beyond-stamps'; readonly timeMs: number }
  | { readonly kind: 'version-refused'; readonly from: NodeId; readonly aheadMs: number }
  /**
   * The clock is back: so many own writes that peers had refused were given the stamp of their
   * time.
   */
  | { readonly kind: 'writes-restamped'; readonly writes: number }
  | { readonly kind: 'storage-full'; readonly usedBytes: number; readonly limitBytes: number }
  | { readonly kind: 'frame-invalid'; readonly from: NodeId; readonly problem: string }
  | { readonly kind: 'was-paused'; readonly pausedMs: number }
  | { readonly kind: 'leaving' };

export interface EffectSink {
  /**
   * One frame, ready for the wire: `frame`, and behind it the bytes of `shared` where there are
   * any. The receiver of the effect must not change them. Those of `shared` are stored bytes, which
   * stay as they are.
   */
  send(linkId: LinkId, frame: Uint8Array, shared?: Uint8Array): void;
  close(linkId: LinkId, reason: CloseReason): void;
  /** Open a link: answered by `link-up` (outbound) or `dial-failed`. */
  dial(endpoint: Endpoint): void;
  /** Ask who is there without becoming its peer: answered by `probe-result`. */
  probe(endpoint: Endpoint): void;
  settlePut(requestId: RequestId, outcome: PutOutcome): void;
  settleFetch(requestId: RequestId, outcome: FetchOutcome): void;
  notify(notification: Notification): void;
}
