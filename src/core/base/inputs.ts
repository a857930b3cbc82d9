// Everything that can happen to a node. The runtime turns sockets, HTTP calls and timers into
// these; the simulator makes the same ones up. Inputs carry facts, never promises or callbacks.
import type { Endpoint, NodeId, NodeIdentity } from './identity';
import type { Version } from './version';

/**
 * How many nodes must hold a write before it is answered with "held": only this one, the quorum, or
 * every expected one.
 */
export type WriteLevel = 'one' | 'quorum' | 'all';

/** Chosen by the runtime, unique among the links of a node's life. */
export type LinkId = number;
export type RequestId = number;

/** What answered at an endpoint when it was asked for its health. */
export type ProbeOutcome =
  | { readonly kind: 'peer'; readonly id: NodeId }
  | { readonly kind: 'other-cluster'; readonly cluster: string }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'timeout' };

/**
 * Why a dial made no link: `refused` = nothing listens there (ECONNREFUSED), `rejected` = it
 * listens but will not be our peer (another cluster, another secret, policy), `self` = it was this
 * node, `failed` = anything else.
 */
export type DialFailure = 'refused' | 'timeout' | 'rejected' | 'self' | 'forbidden' | 'failed';

export type Input =
  | {
      readonly kind: 'put';
      readonly requestId: RequestId;
      readonly key: Uint8Array;
      /** Owned by the core from here on. */
      readonly value: Uint8Array;
      readonly ttlMs: number;
      readonly level: WriteLevel;
    }
  /**
   * A read that this node could not answer alone; asked of up-to-date peers. Settled with a
   * `FetchOutcome`.
   */
  | {
      readonly kind: 'fetch';
      readonly requestId: RequestId;
      readonly key: Uint8Array;
      readonly minVersion: Version | null;
      /**
       * The reader holds something older and takes one sure word of a peer that there is nothing
       * newer.
       */
      readonly isConfirmation?: boolean;
      /** The reader needs to know of the value, and not the value: no peer sends its bytes. */
      readonly isMetadataOnly?: boolean;
    }
  /**
   * All endpoints a discovery source knows now; replaces what that source said before, except that
   * empty never removes.
   */
  | { readonly kind: 'candidates'; readonly source: string; readonly endpoints: readonly Endpoint[] }
  /**
   * Hosts the network is meant to have, as discovery knows it now; replaces what it said before.
   * The setting is the floor.
   */
  | { readonly kind: 'expected-hosts'; readonly hosts: number }
  | { readonly kind: 'probe-result'; readonly endpoint: Endpoint; readonly outcome: ProbeOutcome }
  /**
   * A greeted, proven link. `endpoint` is what was dialled (outbound) or the caller's socket
   * address (inbound).
   */
  | {
      readonly kind: 'link-up';
      readonly linkId: LinkId;
      readonly direction: 'inbound' | 'outbound';
      readonly identity: NodeIdentity;
      readonly endpoint: Endpoint;
    }
  | { readonly kind: 'dial-failed'; readonly endpoint: Endpoint; readonly failure: DialFailure }
  /**
   * One whole frame from a link. The core may keep views into `bytes`, but for those that are lent:
   * they change after the call.
   */
  | {
      readonly kind: 'frame';
      readonly linkId: LinkId;
      readonly bytes: Uint8Array;
      readonly isLent?: boolean;
    }
  /**
   * `bytes` of what was sent on this link have left this process (or the socket's buffer took
   * them).
   */
  | { readonly kind: 'link-flushed'; readonly linkId: LinkId; readonly bytes: number }
  | { readonly kind: 'link-down'; readonly linkId: LinkId }
  /** How busy this process is, for what peers are told of it. Whole numbers. */
  | {
      readonly kind: 'load';
      readonly putsPerSecond: number;
      readonly getsPerSecond: number;
      readonly loopDelayMs: number;
    }
  /** Say goodbye to everyone and take no more writes. */
  | { readonly kind: 'drain' };
