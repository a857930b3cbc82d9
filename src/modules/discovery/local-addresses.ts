// Addresses that lead back to this machine.
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

const COMMON = '127.0.0.1';

/** A list knows IPv4 mapped into IPv6 as IPv4, and every way to write an address. */
function loopback(): BlockList {
  const list = new BlockList();
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addAddress('0.0.0.0', 'ipv4');
  list.addAddress('::1', 'ipv6');
  list.addAddress('::', 'ipv6');
  return list;
}

const LOOPBACK = loopback();

/** To a host that is an address of loopback itself, `own`, the others are hosts as well. */
export function isLoopback(address: string, own = COMMON): boolean {
  if (own !== COMMON && address.startsWith('127.')) return address === COMMON;
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** Every address of this machine's interfaces now. None where the system does not tell. */
export function ownAddresses(): Set<string> {
  try {
    const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    return new Set(interfaces.map(({ address }) => address));
  } catch {
    return new Set();
  }
}
