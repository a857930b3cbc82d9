// Whether this node sees enough others for a write to reach its quorum. Pure.
import type { CoreReport, MemberReport } from '../../runtime/node-view';

export interface QuorumView {
  readonly counts: 'nodes' | 'hosts';
  readonly needed: number;
  /** Nodes or hosts that would acknowledge now, this one included. */
  readonly reachable: number;
}

export function quorumView(
  { quorum, counts }: CoreReport['replication'],
  peers: readonly MemberReport[],
  ownDomain: string,
): QuorumView {
  const alive = peers.filter((peer) => peer.state === 'alive');
  const hosts = new Set([ownDomain, ...alive.map((peer) => peer.failureDomain)]);
  return { counts, needed: quorum, reachable: counts === 'nodes' ? alive.length + 1 : hosts.size };
}
