// What a node tells of itself, put together from its parts.
import { formatRoot } from '../anti-entropy/hash-tree';
import type { Repair } from '../anti-entropy/repair';
import type { Coordinator } from '../replication/coordinator';
import type { Store } from '../store/store';
import type { Now } from './now';
import type { Peering } from './peering';
import type { CoreReport, CoreState, MemberReport } from './report';

export interface ReportParts {
  readonly peering: Peering;
  readonly coordinator: Coordinator;
  readonly repair: Repair;
  readonly store: Store;
  readonly limitBytes: number;
}

export function memberReports({ peering: { membership } }: ReportParts, now: Now): MemberReport[] {
  return [...membership.all()].map((member) => ({
    id: member.id,
    name: member.identity.name,
    address: membership.sameHost(member.identity) ? '127.0.0.1' : member.address,
    port: membership.sameHost(member.identity) ? member.identity.listenPort : member.identity.advertisedPort,
    state: member.state,
    incarnation: member.incarnation,
    rttMs: member.roundTrip.srttMs,
    lastSeenAgoMs: member.lastSeenMs === null ? null : Math.max(0, now.monoMs - member.lastSeenMs),
    hostId: member.identity.hostId,
    reach: member.link === null ? 'indirect' : 'direct',
    lagging: member.window.lagging,
    full: member.status?.full === true,
  }));
}

export function coreReport(parts: ReportParts, state: CoreState): CoreReport {
  const { peering, coordinator, repair, store } = parts;
  const members = [...peering.membership.all()];
  const count = (state: string): number => members.filter((member) => member.state === state).length;
  const { nodes, hosts } = coordinator.expected();
  const { needed, counts } = coordinator.quorum();
  const { keys, stubs, valueBytes, usedBytes } = store.counts();
  return {
    state: state,
    incarnation: peering.membership.incarnation,
    storage: {
      keys,
      stubs,
      valueBytes,
      usedBytes,
      limitBytes: parts.limitBytes,
      root: formatRoot(store.tree.root()),
    },
    membership: {
      alive: count('alive'),
      suspect: count('suspect'),
      dead: count('dead'),
      links: members.filter((member) => member.link !== null).length,
      expectedNodes: nodes,
      expectedHosts: hosts,
      healthScore: peering.awareness.score,
    },
    replication: {
      quorum: needed,
      counts,
      pendingWrites: coordinator.tracker.pending,
      heldWrites: coordinator.tracker.counts.held,
      storedOnlyWrites: coordinator.tracker.counts.storedOnly,
      laggingPeers: members.filter((member) => member.window.lagging).length,
      queuedBytes: peering.links.queuedBytes(),
      repairedRecords: repair.repairedRecords,
      refusedVersions: coordinator.refusedVersions,
      clockOffsetMs: coordinator.correctionMs,
    },
  };
}
