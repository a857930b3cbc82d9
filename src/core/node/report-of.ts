// What a node tells of itself, put together from its parts.
import { missingWrites } from '../anti-entropy/gaps';
import { formatRoot } from '../store/hash-tree';
import type { Repair } from '../anti-entropy/repair';
import type { WriteLog } from '../store/write-log';
import { loopbackOf } from '../membership/address-rules';
import type { Member } from '../peer/member';
import type { Coordinator } from '../replication/coordinator';
import type { Store } from '../store/store';
import type { StampClock } from '../version/stamp-clock';
import type { Now } from '../base/now';
import type { Peering } from './peering';
import type { CoreReport, CoreState, MemberReport } from '../base/report';

export interface ReportParts {
  readonly peering: Peering;
  readonly coordinator: Coordinator;
  readonly repair: Repair;
  readonly store: Store;
  readonly log: WriteLog;
  readonly clock: StampClock;
  readonly limitBytes: number;
}

export function memberReports(
  { peering, coordinator, store, log, clock }: ReportParts,
  now: Now,
): MemberReport[] {
  const { membership, self } = peering;
  return [...membership.all()].map((member) => ({
    id: member.id,
    name: member.identity.name,
    address: membership.sameHost(member.identity) ? loopbackOf(self) : member.address,
    port: membership.sameHost(member.identity) ? member.identity.listenPort : member.identity.advertisedPort,
    state: member.state,
    incarnation: member.incarnation,
    rttMs: member.roundTrip.srttMs,
    lastSeenAgoMs: member.lastSeenMs === null ? null : Math.max(0, now.monoMs - member.lastSeenMs),
    hostId: member.identity.hostId,
    failureDomain: coordinator.domains.of(member.identity),
    reach: member.link === null ? 'indirect' : 'direct',
    lagging: member.window.lagging,
    missingWrites: member.reception.missing,
    behindWrites: Math.max(0, log.last - (member.marks.get(self.id) ?? 0)),
    inStep: isInStep(member, store),
    clockOffsetMs: member.clockBaseMs === null ? null : clock.differenceMs(member.clockBaseMs),
    queuedBytes: member.link?.queuedBytes ?? 0,
    load: member.status?.load ?? null,
    full: member.status?.full === true,
  }));
}

function isInStep(member: Member, store: Store): boolean {
  return member.link !== null && member.status !== null && store.tree.rootEquals(member.status.root);
}

export function coreReport(parts: ReportParts, state: CoreState): CoreReport {
  return {
    state,
    incarnation: parts.peering.membership.incarnation,
    storage: storageReport(parts),
    membership: membershipReport(parts),
    replication: replicationReport(parts),
  };
}

function storageReport({ store, limitBytes }: ReportParts): CoreReport['storage'] {
  const { keys, stubs, droppedEarly, valueBytes, usedBytes } = store.counts();
  return {
    keys,
    stubs,
    droppedEarly,
    valueBytes,
    usedBytes,
    limitBytes,
    root: formatRoot(store.tree.root()),
  };
}

function membershipReport({ peering, coordinator }: ReportParts): CoreReport['membership'] {
  const members = [...peering.membership.all()];
  const count = (state: string): number => members.filter((member) => member.state === state).length;
  const { nodes, hosts } = coordinator.expected();
  return {
    alive: count('alive'),
    suspect: count('suspect'),
    dead: count('dead'),
    links: members.filter((member) => member.link !== null).length,
    expectedNodes: nodes,
    expectedHosts: hosts,
    healthScore: peering.awareness.score,
    failureDomain: coordinator.domains.of(peering.self),
  };
}

function replicationReport(parts: ReportParts): CoreReport['replication'] {
  const { peering, coordinator, repair, store } = parts;
  const members = [...peering.membership.all()];
  const { needed, counts } = coordinator.quorum();
  return {
    quorum: needed,
    counts,
    pendingWrites: coordinator.tracker.pending,
    heldWrites: coordinator.tracker.counts.held,
    storedOnlyWrites: coordinator.tracker.counts.storedOnly,
    laggingPeers: members.filter((member) => member.window.lagging).length,
    queuedBytes: peering.links.queuedBytes(),
    assemblingBytes: peering.links.assemblingBytes(),
    repaired: { ...repair.repaired },
    ownWrites: parts.log.last,
    missingWrites: missingWrites(peering.membership),
    peersInStep: members.filter((member) => isInStep(member, store)).length,
    refusedVersions: coordinator.refusedVersions,
    clockOffsetMs: parts.clock.offsetMs,
  };
}
