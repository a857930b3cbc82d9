// Whether this node sees enough others for a write to reach its quorum. Pure.
import type { CoreReport } from '../../runtime/node-view';

export interface QuorumView {
  readonly counts: 'nodes' | 'hosts';
  readonly needed: number;
  /** Nodes or hosts that would acknowledge now, this one included. */
  readonly reachable: number;
}

export function quorumView({ replication, membership }: CoreReport): QuorumView {
  const { quorum: needed, counts } = replication;
  return { counts, needed, reachable: counts === 'nodes' ? membership.alive + 1 : membership.hostsAlive };
}
