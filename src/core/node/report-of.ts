// What a node tells of itself, put together from its parts.
import { missingOf, missingWrites } from '../anti-entropy/gaps';
import { formatRoot } from '../store/hash-tree';
import { loopbackOf } from '../membership/address-rules';
import { domainOf, domainsAmong } from '../peer/failure-domains';
import type { Member } from '../peer/member';
import type { Now } from '../base/now';
import type { Parts } from './parts';
import type { NodeId } from '../base/identity';
import type { CoreReport, CoreState, KnownOthers, MemberReport } from '../base/report';

export function memberReports({ membership, store, log, clock }: Parts, now: Now): MemberReport[] {
  const { self } = membership;
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
    failureDomain: domainOf(member.identity),
    reach: member.link === null ? 'indirect' : 'direct',
    lagging: member.window.lagging,
    missingWrites: missingOf(member, membership),
    behindWrites: Math.max(0, log.last - (member.marks.get(self.id) ?? 0)),
    inStep: isInStep(member, store),
    clockOffsetMs: member.clockBaseMs === null ? null : clock.differenceMs(member.clockBaseMs),
    queuedBytes: member.link?.queuedBytes ?? 0,
    load: member.status?.load ?? null,
    full: member.status?.full === true,
  }));
}

export function knownOthers(
  { membership, cluster, repair }: Parts,
  state: CoreState,
  nowMs: number,
): KnownOthers | null {
  if (state !== 'ready' || repair.isUnfilled(nowMs)) return null;
  const ids: NodeId[] = [];
  for (const { id, state: its, counts, link } of membership.all())
    if (its !== 'left' && (counts || link !== null)) ids.push(id);
  for (const { id, hostId, listenPort } of membership.missed())
    if ((membership.at(hostId, listenPort)?.link ?? null) === null) ids.push(id);
  return { ids, hosts: cluster.expected.hosts };
}

function isInStep(member: Member, store: Parts['store']): boolean {
  return member.link !== null && member.status !== null && store.tree.rootEquals(member.status.root);
}

export function coreReport(parts: Parts, state: CoreState): CoreReport {
  return {
    state,
    incarnation: parts.membership.own.incarnation,
    load: parts.load.now(),
    storage: storageReport(parts),
    membership: membershipReport(parts),
    replication: replicationReport(parts),
  };
}

function storageReport({ store, fullness }: Parts): CoreReport['storage'] {
  const { keys, stubs, droppedEarly, valueBytes, usedBytes } = store.counts();
  return {
    keys,
    stubs,
    droppedEarly,
    valueBytes,
    usedBytes,
    limitBytes: fullness.limitBytes,
    root: formatRoot(store.tree.root()),
  };
}

function membershipReport(parts: Parts): CoreReport['membership'] {
  const { membership, cluster, awareness } = parts;
  const members = [...membership.all()];
  const count = (state: string): number => members.filter((member) => member.state === state).length;
  const { nodes, hosts } = cluster.expected;
  const alive = members.flatMap(({ state, identity }) => (state === 'alive' ? [identity] : []));
  return {
    alive: count('alive'),
    suspect: count('suspect'),
    dead: count('dead'),
    links: members.filter((member) => member.link !== null).length,
    expectedNodes: nodes,
    expectedHosts: hosts,
    healthScore: awareness.score,
    failureDomain: domainOf(membership.self),
    hostsAlive: domainsAmong([membership.self, ...alive]),
  };
}

function replicationReport(parts: Parts): CoreReport['replication'] {
  const { membership, cluster, tracker, links, trueStamps, repair, store } = parts;
  const members = [...membership.all()];
  const { needed, counts } = cluster.quorum;
  return {
    quorum: needed,
    counts,
    pendingWrites: tracker.pending,
    heldWrites: tracker.counts.held,
    storedOnlyWrites: tracker.counts.storedOnly,
    laggingPeers: members.filter((member) => member.window.lagging).length,
    queuedBytes: links.queuedBytes(),
    assemblingBytes: links.assemblingBytes(),
    repaired: { ...repair.repaired },
    ownWrites: parts.log.last,
    missingWrites: missingWrites(membership),
    peersInStep: members.filter((member) => isInStep(member, store)).length,
    refusedVersions: trueStamps.gate.refusedVersions,
    clockOffsetMs: parts.clock.offsetMs,
  };
}
