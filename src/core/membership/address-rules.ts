// Which endpoints are worth dialling for a member (docs/protocol.md, Identity): loopback means
// something only to nodes that share it.
import type { Endpoint, NodeIdentity, SelfIdentity } from '../base/identity';

/**
 * 127.0.0.0/8, ::1 and the unspecified addresses, which connect to the same place; in every way to
 * write them.
 */
const LOOPBACK = [
  /^(0|127)\.\d+\.\d+\.\d+$/,
  /^[0:]+:0*1?$/,
  /^[0:]*:ffff:(0|127|7f[0-9a-f]{2}:[0-9a-f]{1,4}$|0{1,4}:)/,
  /^(.+\.)?localhost\.?$/,
];

const COMMON = '127.0.0.1';
/** As a connection's end or a list names them; other ways to write one are nobody's address. */
const HOSTS_ON_LOOPBACK = /^127(\.(0|[1-9]\d{0,2})){3}$/;

/** Where nodes of this node's host are reached. */
export function loopbackOf({ loopback = COMMON }: Pick<SelfIdentity, 'loopback'>): string {
  return loopback;
}

/**
 * Whether it means this node's own host, whoever says it. To a host that is an address of loopback
 * the others are hosts as well.
 */
export function isLoopback(address: string, self: Pick<SelfIdentity, 'loopback'> = {}): boolean {
  const own = loopbackOf(self);
  if (own !== COMMON && HOSTS_ON_LOOPBACK.test(address)) return address === own || address === COMMON;
  const plain = address.toLowerCase().replace(/%.*$/, '');
  return LOOPBACK.some((form) => form.test(plain));
}

/**
 * Where others reach a member that `teller` sees at `address`: to a teller on the member's own host
 * it is on loopback, and everybody else finds both at the teller's address. '' when the teller does
 * not know.
 */
export function toldAddress(
  { identity: { hostId }, address }: Told,
  teller: Told | undefined,
  self: SelfIdentity,
): string {
  const isNeighbour = teller?.identity.hostId === hostId && (address === '' || isLoopback(address, self));
  return isNeighbour ? teller.address : address;
}

interface Told {
  readonly identity: NodeIdentity;
  readonly address: string;
}

/**
 * Same host: loopback and the listen port. Another host: never loopback; its own addresses first,
 * then where it was seen, always with the advertised port. `seenAt` is '' when nobody saw it.
 */
export function endpointsOf(identity: NodeIdentity, self: SelfIdentity, seenAt: string): Endpoint[] {
  if (identity.hostId === self.hostId) return [{ address: loopbackOf(self), port: identity.listenPort }];
  const addresses = [...identity.addresses];
  if (seenAt !== '') addresses.push(seenAt);
  const unique = [...new Set(addresses)].filter((address) => !isLoopback(address, self));
  return unique.map((address) => ({ address, port: identity.advertisedPort }));
}
