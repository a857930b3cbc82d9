// What fails together. Nodes that share a loopback do, and so do network namespaces of one machine that advertise the same
// address: several containers of one deployment on one machine. The quorum counts these, never bare host ids.
import type { NodeIdentity } from '../base/identity';
import type { Membership } from './membership';

/** An address proper: a name may stand for several machines. */
const LITERAL = /^[\d.]+$|:/;

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
    for (const { hostId, addresses } of this.identities()) {
      for (const address of addresses) {
        if (!LITERAL.test(address)) continue;
        const other = hostAt.get(address);
        hostAt.set(address, hostId);
        if (other !== undefined && other !== hostId) this.join(hostId, other);
      }
    }
  }

  private join(one: string, other: string): void {
    const [a, b] = [this.domains.get(one) ?? one, this.domains.get(other) ?? other];
    const domain = a < b ? a : b;
    for (const [hostId, known] of this.domains)
      if (known === a || known === b) this.domains.set(hostId, domain);
    for (const hostId of [one, other, a, b]) this.domains.set(hostId, domain);
  }

  private *identities(): IterableIterator<NodeIdentity> {
    yield this.self;
    for (const { identity } of this.membership.all()) yield identity;
  }
}
