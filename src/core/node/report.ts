// What a node can tell of itself and its members; plain data for /peers, /status, /health and the log.
import type { NodeId } from '../membership/identity';

export type MemberState = 'alive' | 'suspect' | 'dead' | 'left';

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
  readonly reach: 'direct' | 'indirect';
  readonly lagging: boolean;
  readonly full: boolean;
}

export type CoreState = 'starting' | 'syncing' | 'ready' | 'draining';

export interface CoreReport {
  readonly state: CoreState;
  readonly incarnation: number;
  readonly storage: {
    readonly keys: number;
    readonly stubs: number;
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
    /** Lifeguard's local health score, 0 = well. */
    readonly healthScore: number;
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
    readonly repairedRecords: number;
    readonly refusedVersions: number;
    readonly clockOffsetMs: number;
  };
}
