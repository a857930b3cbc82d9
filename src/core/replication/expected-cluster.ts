// How many nodes and hosts the cluster is expected to have, and the quorum that follows from it
// (docs/protocol.md, Writes). Discovery and joins raise what the settings say and never go below
// it.
import type { NodeIdentity, SelfIdentity } from '../base/identity';
import type { CoreSettings, Inherited } from '../base/settings';
import type { Membership } from '../membership/membership';
import type { Member } from '../peer/member';
import { domainsAmong, failTogether } from '../peer/failure-domains';
import type { Expected } from '../peer/pending-write';
import { quorumOf, type Quorum } from '../peer/quorum';

interface Known extends Expected {
  /** There are members elsewhere, on probation or not. */
  readonly hasOtherHosts: boolean;
}

type ExpectedSettings = Pick<
  CoreSettings,
  'replicationFactor' | 'expectedNodesMin' | 'expectedHostsMin' | 'inherited'
>;

/** One node, wherever it may be. */
type Seat = readonly NodeIdentity[];

interface Cached {
  readonly changes: number;
  readonly inherited: Inherited | null;
  readonly known: Known;
}

export class ExpectedCluster {
  private expectedHostsMin: number;
  private cached: Cached | null = null;

  constructor(
    readonly self: SelfIdentity,
    private readonly settings: ExpectedSettings,
    private readonly membership: Membership,
    private readonly isUnfilled: () => boolean,
  ) {
    this.expectedHostsMin = settings.expectedHostsMin;
  }

  /** What discovery knows raises the setting and never goes below it. */
  expectHosts(hosts: number): void {
    this.expectedHostsMin = Math.max(this.settings.expectedHostsMin, hosts);
    this.cached = null;
  }

  /** More hosts are expected than nodes were ever linked of. */
  get lacksOtherHosts(): boolean {
    if (this.expectedHostsMin < 2) return false;
    const met: NodeIdentity[] = [this.self];
    for (const { lastSeenMs, identity } of this.membership.all()) if (lastSeenMs !== null) met.push(identity);
    return domainsAmong(met) < this.expectedHostsMin;
  }

  get expected(): Expected {
    return this.known;
  }

  get hasOtherHosts(): boolean {
    return this.known.hasOtherHosts;
  }

  get quorum(): Quorum {
    const { nodes, hosts } = this.known;
    return quorumOf(this.settings.replicationFactor, nodes, hosts);
  }

  /** Nodes of this host, or of this machine as far as is known, are lost with this node. */
  isElsewhere(identity: NodeIdentity): boolean {
    return !failTogether(identity, this.self);
  }

  /**
   * Every write that a quorum holds is held by this node or by a member that it has heard from
   * since then. Not so where it is cut off from too many: a link that is up may lead nowhere by
   * now. Nor does a newcomer stand for one of those that hold it.
   */
  meetsEveryQuorum(sinceMs: number): boolean {
    const { counts, needed } = this.quorum;
    const there: Seat[] = [[this.self]];
    for (const member of this.membership.active()) {
      const isHeard = member.counts && member.link !== null && member.seenSince(sinceMs);
      if (isHeard) there.push([member.identity]);
    }
    return sizeOf(there, counts) > this.known[counts] - needed;
  }

  /**
   * The same of those that gave their word: the others, known and unknown, are too few to hold a
   * write among themselves. One that does not count may hold a copy that counts.
   */
  meetsEveryQuorumBy(hasSpoken: (member: Member) => boolean): boolean {
    const { counts, needed } = this.quorum;
    const counted = this.counted();
    const silent = this.missed();
    for (const member of this.membership.all()) {
      if (member.state === 'left' || (member.isActive && hasSpoken(member))) continue;
      if (member.counts || member.isActive) silent.push(member.whereabouts);
    }
    const unknown = this.known[counts] - sizeOf(counted, counts);
    return sizeOf(silent, counts) + unknown < needed;
  }

  /**
   * Enough members, or hosts, are there, but too few of them have room for a key that they do not
   * hold.
   */
  othersLackRoom({ counts, needed }: Quorum): boolean {
    if (!this.anyIsFull()) return false;
    const there: Seat[] = [[this.self]];
    const roomy: Seat[] = [[this.self]];
    for (const { link, status, identity } of this.membership.active()) {
      if (link === null) continue;
      there.push([identity]);
      if (status?.full !== true) roomy.push([identity]);
    }
    return sizeOf(there, counts) >= needed && sizeOf(roomy, counts) < needed;
  }

  private anyIsFull(): boolean {
    for (const { status } of this.membership.active()) if (status?.full === true) return true;
    return false;
  }

  private get known(): Known {
    const { changes } = this.membership;
    const { inherited: told = null } = this.settings;
    const inherited = told !== null && this.isUnfilled() ? told : null;
    if (this.cached?.changes !== changes || this.cached.inherited !== inherited)
      this.cached = { changes, inherited, known: this.count(inherited) };
    return this.cached.known;
  }

  /** @param inherited others that are known to be somewhere, as long as none of them was met */
  private count(inherited: Inherited | null): Known {
    const counted = this.counted();
    const { others = 0, hosts: inheritedHosts = 1 } = inherited ?? {};
    const hostsMin = Math.max(this.expectedHostsMin, inheritedHosts);
    return {
      nodes: Math.max(this.settings.expectedNodesMin, counted.length, others + 1),
      hosts: Math.max(hostsMin, sizeOf(counted, 'hosts')),
      hasOtherHosts: hostsMin > 1 || this.isAnyElsewhere(counted),
    };
  }

  /** Those that are expected to be there because they were, this one among them. */
  private counted(): Seat[] {
    const counted: Seat[] = [[this.self], ...this.missed()];
    for (const { state, counts, whereabouts } of this.membership.all())
      if (counts && state !== 'left') counted.push(whereabouts);
    return counted;
  }

  private missed(): Seat[] {
    return [...this.membership.missed()].map((identity) => [identity]);
  }

  private isAnyElsewhere(counted: readonly Seat[]): boolean {
    if (counted.flat().some((identity) => this.isElsewhere(identity))) return true;
    for (const { state, identity } of this.membership.all())
      if (state !== 'left' && this.isElsewhere(identity)) return true;
    return false;
  }
}

function sizeOf(nodes: readonly Seat[], counts: Quorum['counts']): number {
  return counts === 'nodes' ? nodes.length : domainsAmong(nodes.flat());
}
