// What fails together: nodes that share a loopback, and nodes that say the same address of
// themselves, as several containers of one deployment on one machine do. That is between two nodes
// and asks nobody else. A third one that says both their addresses, or takes the host id of one and
// the address of the other, fails with each of them and brings them no nearer to each other
// (docs/adr/0078-domains-are-between-two.md).
import type { NodeIdentity } from '../base/identity';

export type Whereabouts = Pick<NodeIdentity, 'hostId' | 'addresses'>;

/** An address proper: a name may stand for several machines. */
const LITERAL = /^[\d.]+$|:/;

/** More nodes than this are not compared in pairs. */
const COMPARED_MAX = 8;

const isLiteral = (address: string): boolean => LITERAL.test(address);

export function failTogether(one: Whereabouts, other: Whereabouts): boolean {
  if (one.hostId === other.hostId) return true;
  return one.addresses.some((address) => other.addresses.includes(address) && isLiteral(address));
}

/** Where it says that it is, for people. Nodes that fail together and say as much have the same. */
export function domainOf({ hostId, addresses }: Whereabouts): string {
  return addresses.find(isLiteral) ?? hostId;
}

/**
 * How many of these fail apart from each other, at most. One more never makes it less. Where each
 * says one address, as nodes do, it is the largest matching of hosts and addresses: a host is lost
 * once, and so is what is at an address. Who says several counts if none of it is taken.
 */
export function domainsAmong(nodes: readonly Whereabouts[]): number {
  // Each write asks, and nearly always its holders are all of one host or all apart.
  if (nodes.every(({ hostId }) => hostId === nodes[0].hostId)) return Math.min(1, nodes.length);
  if (nodes.length <= COMPARED_MAX && areApart(nodes)) return nodes.length;
  return mostApart(nodes);
}

function areApart(nodes: readonly Whereabouts[]): boolean {
  for (let one = 1; one < nodes.length; one += 1)
    for (let other = 0; other < one; other += 1) if (failTogether(nodes[one], nodes[other])) return false;
  return true;
}

function mostApart(nodes: readonly Whereabouts[]): number {
  const alone = new Set<string>();
  const placed = new Map<string, Set<string>>();
  const scattered: Whereabouts[] = [];
  for (const { hostId, addresses } of nodes) {
    const literals = addresses.filter(isLiteral);
    if (literals.length === 0) alone.add(hostId);
    else if (literals.length > 1) scattered.push({ hostId, addresses: literals });
    else placed.set(hostId, (placed.get(hostId) ?? new Set()).add(literals[0]));
  }
  for (const hostId of alone) placed.delete(hostId);
  const hostAt = matched(placed);
  const hosts = new Set([...alone, ...hostAt.values()]);
  for (const { hostId, addresses } of scattered) {
    if (hosts.has(hostId) || addresses.some((address) => hostAt.has(address))) continue;
    hosts.add(hostId);
    for (const address of addresses) hostAt.set(address, hostId);
  }
  return hosts.size;
}

/** Which host has which of its addresses to itself, for as many as possible (Kuhn 1955). */
function matched(addressesOf: ReadonlyMap<string, ReadonlySet<string>>): Map<string, string> {
  const hostAt = new Map<string, string>();
  const finds = (hostId: string, tried: Set<string>): boolean => {
    for (const address of addressesOf.get(hostId) ?? []) {
      if (tried.has(address)) continue;
      tried.add(address);
      const holder = hostAt.get(address);
      if (holder !== undefined && !finds(holder, tried)) continue;
      hostAt.set(address, hostId);
      return true;
    }
    return false;
  };
  for (const hostId of addressesOf.keys()) finds(hostId, new Set());
  return hostAt;
}
