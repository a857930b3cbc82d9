// How many nodes and hosts the cluster is expected to have, and the quorum that follows from it
// (docs/protocol.md, Writes). Discovery and joins raise what the settings say and never go below
// it.
import type { NodeIdentity, SelfIdentity } from '../base/identity';
import type { CoreSettings, Inherited } from '../base/settings';
import type { FailureDomains } from '../membership/failure-domains';
import type { Membership } from '../membership/membership';
import type { Member } from '../peer/member';
import type { Copy, Expected } from '../peer/pending-write';
import { quorumOf, type Quorum } from '../peer/quorum';

interface Known extends Expected {
  /** There are members elsewhere, on probation or not. */
  readonly hasOtherHosts: boolean;
}

type ExpectedSettings = Pick<
  CoreSettings,
  'replicationFactor' | 'expectedNodesMin' | 'expectedHostsMin' | 'inherited'
>;

interface Cached {
  readonly changes: number;
  readonly inherited: Inherited | null;
  readonly known: Known;
}

export class ExpectedCluster {
  private expectedHostsMin: number;
  private cached: Cached | null = null;

  constructor(
    private readonly self: SelfIdentity,
    private readonly settings: ExpectedSettings,
    private readonly membership: Membership,
    private readonly domains: FailureDomains,
    private readonly isUnfilled: () => boolean,
  ) {
    this.expectedHostsMin = settings.expectedHostsMin;
  }

  /** What discovery knows raises the setting and never goes below it. */
  expectHosts(hosts: number): void {
    this.expectedHostsMin = Math.max(this.settings.expectedHostsMin, hosts);
    this.cached = null;
  }

  /** Other hosts are expected, and no node of one was ever linked. */
  get lacksOtherHosts(): boolean {
    if (this.expectedHostsMin < 2) return false;
    const own = this.domains.of(this.self);
    for (const { lastSeenMs, identity } of this.membership.all())
      if (lastSeenMs !== null && this.domains.of(identity) !== own) return false;
    return true;
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

  /** This node as the holder of a copy. */
  get ownCopy(): Copy {
    return { node: this.self.id, host: this.domains.of(this.self) };
  }

  /** Whether it runs on another machine, as far as is known. */
  isElsewhere(identity: NodeIdentity): boolean {
    return this.domains.of(identity) !== this.domains.of(this.self);
  }

  /** Equal for nodes that fail together. */
  domainOf(identity: NodeIdentity): string {
    return this.domains.of(identity);
  }

  /**
   * Every write that a quorum holds is held by this node or by a member that it has heard from
   * since then. Not so where it is cut off from too many: a link that is up may lead nowhere by
   * now. Nor does a newcomer stand for one of those that hold it.
   */
  meetsEveryQuorum(sinceMs: number): boolean {
    const { counts, needed } = this.quorum;
    const there = new Set([this.copyOf(this.self, counts)]);
    for (const member of this.membership.active()) {
      const isHeard = member.counts && member.link !== null && member.seenSince(sinceMs);
      if (isHeard) there.add(this.copyOf(member.identity, counts));
    }
    return there.size > this.known[counts] - needed;
  }

  /**
   * The same of those that gave their word. A host gives its word when all of its members did. One
   * that does not count may hold a copy that counts.
   */
  meetsEveryQuorumBy(hasSpoken: (member: Member) => boolean): boolean {
    const { counts, needed } = this.quorum;
    const there = new Set([this.copyOf(this.self, counts)]);
    const silent = new Set<string>();
    let guests = 0;
    for (const member of this.membership.active()) {
      const copy = this.copyOf(member.identity, counts);
      if (!hasSpoken(member)) silent.add(copy);
      else if (member.counts) there.add(copy);
      if (!hasSpoken(member) && !member.counts) guests += 1;
    }
    for (const copy of silent) there.delete(copy);
    return there.size > this.known[counts] + guests - needed;
  }

  /**
   * Enough members, or hosts, are there, but too few of them have room for a key that they do not
   * hold.
   */
  othersLackRoom({ counts, needed }: Quorum): boolean {
    if (!this.anyIsFull()) return false;
    const there = new Set([this.copyOf(this.self, counts)]);
    const roomy = new Set(there);
    for (const { link, status, identity } of this.membership.active()) {
      if (link === null) continue;
      there.add(this.copyOf(identity, counts));
      if (status?.full !== true) roomy.add(this.copyOf(identity, counts));
    }
    return there.size >= needed && roomy.size < needed;
  }

  private anyIsFull(): boolean {
    for (const { status } of this.membership.active()) if (status?.full === true) return true;
    return false;
  }

  /** What of this node the quorum counts. */
  private copyOf(identity: NodeIdentity, counts: Quorum['counts']): string {
    return counts === 'nodes' ? identity.id : this.domains.of(identity);
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
    const hosts = new Set([this.domains.of(this.self)]);
    const guests = new Set<string>();
    let nodes = 1;
    for (const member of this.membership.all()) {
      if (member.state === 'left') continue;
      guests.add(this.domains.of(member.identity));
      if (!member.counts) continue;
      nodes += 1;
      hosts.add(this.domains.of(member.identity));
    }
    for (const identity of this.membership.missed()) {
      nodes += 1;
      hosts.add(this.domains.of(identity));
    }
    const { others = 0, hosts: inheritedHosts = 1 } = inherited ?? {};
    return {
      nodes: Math.max(this.settings.expectedNodesMin, nodes, others + 1),
      hosts: Math.max(this.expectedHostsMin, hosts.size, inheritedHosts),
      hasOtherHosts:
        Math.max(this.expectedHostsMin, inheritedHosts) > 1 || new Set([...hosts, ...guests]).size > 1,
    };
  }
}
