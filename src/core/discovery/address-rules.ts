// Which endpoints are worth dialling for a member (docs/protocol.md, Identity): loopback means something only to nodes
// that share it.
import type { Endpoint, NodeIdentity } from '../membership/identity';

/** 127.0.0.0/8, ::1 and the unspecified addresses, which connect to the same place; in every way to write them. */
const LOOPBACK = [
  /^(0|127)\.\d+\.\d+\.\d+$/,
  /^[0:]+:0*1?$/,
  /^[0:]*:ffff:(0|127|7f[0-9a-f]{2}:[0-9a-f]{1,4}$|0{1,4}:)/,
  /^(.+\.)?localhost\.?$/,
];

export function isLoopback(address: string): boolean {
  const plain = address.toLowerCase().replace(/%.*$/, '');
  return LOOPBACK.some((form) => form.test(plain));
}

/**
 * Where others reach a member that `teller` sees at `address`: to a teller on the member's own host it is on loopback, and
 * everybody else finds both at the teller's address. '' when the teller does not know.
 */
export function toldAddress(hostId: string, address: string, teller: Teller | undefined): string {
  const isNeighbour = teller?.identity.hostId === hostId && (address === '' || isLoopback(address));
  return isNeighbour ? teller.address : address;
}

interface Teller {
  readonly identity: NodeIdentity;
  readonly address: string;
}

/**
 * Same host: loopback and the listen port. Another host: never loopback; its own addresses first, then where it was seen,
 * always with the advertised port. `seenAt` is '' when nobody saw it.
 */
export function endpointsOf(identity: NodeIdentity, ownHostId: string, seenAt: string): Endpoint[] {
  if (identity.hostId === ownHostId) return [{ address: '127.0.0.1', port: identity.listenPort }];
  const addresses = [...identity.addresses];
  if (seenAt !== '') addresses.push(seenAt);
  const unique = [...new Set(addresses)].filter((address) => !isLoopback(address));
  return unique.map((address) => ({ address, port: identity.advertisedPort }));
}
