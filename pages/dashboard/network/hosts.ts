// The nodes by the host they run on, the host of the node that tells first.
import { isLive } from './node-seen';
import type { NodeSeen } from './node-seen';

export interface Host {
  readonly id: string;
  /** An address, or "this host". */
  readonly label: string;
  readonly isOwn: boolean;
  readonly nodes: readonly NodeSeen[];
  /** Median round trip to its nodes, milliseconds; null for the own one and while unmeasured. */
  readonly rttMs: number | null;
  /** It had nodes, and none of them answers. */
  readonly isSilent: boolean;
}

export function hostsOf(nodes: readonly NodeSeen[]): readonly Host[] {
  const own = nodes.find(({ self }) => self !== null)?.host ?? '';
  const byHost = new Map<string, NodeSeen[]>([[own, []]]);
  for (const node of nodes) byHost.set(node.host, [...(byHost.get(node.host) ?? []), node]);
  return [...byHost]
    .filter(([, members]) => members.length > 0)
    .map(([id, members]) => hostOf(id, members, id === own));
}

function hostOf(id: string, nodes: readonly NodeSeen[], isOwn: boolean): Host {
  return {
    id,
    label: isOwn ? 'this host' : (nodes[0]?.address ?? id),
    isOwn,
    nodes,
    rttMs: isOwn ? null : median(nodes.flatMap(({ peer }) => peer?.rttMs ?? [])),
    isSilent: !isOwn && nodes.every((node) => !isLive(node)),
  };
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
