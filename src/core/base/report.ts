// What a node can tell of itself and its members; plain data for /peers, /status, /health and the
// log.
import type { NodeId } from './identity';

export type MemberState = 'alive' | 'suspect' | 'dead' | 'left';

/**
 * How a node fares, told to everyone so that any of them can show the whole network. All numbers
 * whole, at least 0.
 */
export interface NodeLoad {
  readonly keys: number;
  readonly usedBytes: number;
  readonly limitBytes: number;
  readonly putsPerSecond: number;
  readonly getsPerSecond: number;
  /** 99th percentile of the last minute, milliseconds. */
  readonly loopDelayMs: number;
  /** Writes of others that it knows of and does not hold. */
  readonly missingWrites: number;
}

/** One peer as /peers shows it. */
export interface MemberReport {
  readonly id: NodeId;
  readonly name: string;
  /** The address this node uses for it. */
  readonly address: string;
  readonly port: number;
  readonly state: MemberState;
  readonly incarnation: number;
  /** Smoothed round trip in milliseconds; null until measured. */
  readonly rttMs: number | null;
  /** Milliseconds since the last sign of life received directly; null when there never was one. */
  readonly lastSeenAgoMs: number | null;
  readonly hostId: string;
  /** Equal for nodes that fail together, as far as they say so of themselves. */
  readonly failureDomain: string;
  readonly reach: 'direct' | 'indirect';
  readonly lagging: boolean;
  /**
   * Writes of this peer that this node misses, and writes of this node that the peer has not told
   * to hold.
   */
  readonly missingWrites: number;
  readonly behindWrites: number;
  /** Its root hash equals this node's; false until it told one. */
  readonly inStep: boolean;
  /** Its wall clock minus this node's, milliseconds; null until measured. */
  readonly clockOffsetMs: number | null;
  /** Bytes of values that wait to be sent to it. */
  readonly queuedBytes: number;
  /** What it said of itself last; null until it did. */
  readonly load: NodeLoad | null;
  readonly full: boolean;
}

/** Who is expected beside this node, dead ones included. */
export interface KnownOthers {
  readonly ids: readonly NodeId[];
  /** The own one among them. */
  readonly hosts: number;
}

export type CoreState = 'starting' | 'syncing' | 'ready' | 'draining';

export interface CoreReport {
  readonly state: CoreState;
  readonly incarnation: number;
  /** What this node tells its peers of itself now. */
  readonly load: NodeLoad;
  readonly storage: {
    readonly keys: number;
    readonly stubs: number;
    /**
     * Stubs forgotten before their time for room: each could let an older, longer-lived value back
     * in.
     */
    readonly droppedEarly: number;
    readonly valueBytes: number;
    readonly usedBytes: number;
    readonly limitBytes: number;
    /** 16 hexadecimal digits; equal on nodes that hold the same versions. */
    readonly root: string;
  };
  readonly membership: {
    readonly alive: number;
    readonly suspect: number;
    readonly dead: number;
    readonly links: number;
    readonly expectedNodes: number;
    readonly expectedHosts: number;
    /** What the quorum counts as hosts, of this node and of those that are alive. */
    readonly hostsAlive: number;
    /** Lifeguard's local health score, 0 = well. */
    readonly healthScore: number;
    /** This node's own. */
    readonly failureDomain: string;
  };
  readonly replication: {
    /** Nodes or hosts, whichever `counts` names. */
    readonly quorum: number;
    readonly counts: 'nodes' | 'hosts';
    readonly pendingWrites: number;
    readonly heldWrites: number;
    readonly storedOnlyWrites: number;
    readonly laggingPeers: number;
    readonly queuedBytes: number;
    /** Of values that have arrived in part. */
    readonly assemblingBytes: number;
    /**
     * Versions that were new here when they came by repair, by how: all at joining, a gap from its
     * origin, differing leaves.
     */
    readonly repaired: { readonly join: number; readonly gap: number; readonly leaves: number };
    /** Writes this node has made, and writes of others that it knows of and has not taken in. */
    readonly ownWrites: number;
    readonly missingWrites: number;
    /** Linked peers whose root hash was equal to this node's when they last told it. */
    readonly peersInStep: number;
    readonly refusedVersions: number;
    readonly clockOffsetMs: number;
  };
}
