// What fails together. Nodes that share a loopback do, and so do network namespaces of one machine
// that advertise the same address: several containers of one deployment on one machine. The quorum
// counts these, never bare host ids. Who does not count yet, or is only told of, is taken in and
// joins no others.
import type { NodeIdentity } from '../base/identity';
import type { Membership } from './membership';

/** An address proper: a name may stand for several machines. */
const LITERAL = /^[\d.]+$|:/;

function isLiteral(address: string): boolean {
  return LITERAL.test(address);
}

export class FailureDomains {
  private seenChanges = -1;
  /** A host's domain, by the least host id in it. */
  private domains = new Map<string, string>();

  constructor(
    private readonly self: NodeIdentity,
    private readonly membership: Membership,
  ) {}

  /** Equal for nodes that fail together. */
  of({ hostId }: NodeIdentity): string {
    if (this.seenChanges !== this.membership.changes) this.compute();
    return this.domains.get(hostId) ?? hostId;
  }

  private compute(): void {
    this.seenChanges = this.membership.changes;
    this.domains = new Map();
    const hostAt = new Map<string, string>();
    const counted = [this.self, ...this.membership.missed()];
    const newcomers: NodeIdentity[] = [];
    for (const { identity, counts } of this.membership.all()) (counts ? counted : newcomers).push(identity);
    for (const { hostId, addresses } of counted) {
      for (const address of addresses.filter(isLiteral)) {
        const other = hostAt.get(address);
        hostAt.set(address, hostId);
        if (other !== undefined && other !== hostId) this.join(hostId, other);
      }
    }
    const hosts = new Set(counted.map(({ hostId }) => hostId));
    for (const newcomer of newcomers) if (!hosts.has(newcomer.hostId)) this.place(newcomer, hostAt);
  }

  /**
   * With the first host that is known at one of its addresses: it joins no two others, which would
   * make the quorum smaller.
   */
  private place({ hostId, addresses }: NodeIdentity, hostAt: Map<string, string>): void {
    for (const address of addresses.filter(isLiteral)) {
      const other = hostAt.get(address);
      if (other === undefined) hostAt.set(address, hostId);
      else if (other !== hostId && !this.domains.has(hostId))
        this.domains.set(hostId, this.domains.get(other) ?? other);
    }
  }

  private join(one: string, other: string): void {
    const [a, b] = [this.domains.get(one) ?? one, this.domains.get(other) ?? other];
    const domain = a < b ? a : b;
    for (const [hostId, known] of this.domains)
      if (known === a || known === b) this.domains.set(hostId, domain);
    for (const hostId of [one, other, a, b]) this.domains.set(hostId, domain);
  }
}
