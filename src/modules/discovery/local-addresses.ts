// Addresses that lead back to this machine.
import { networkInterfaces } from 'node:os';
import { plainAddress } from '../../core/base/plain-address';

const COMMON = '127.0.0.1';

/** To a host that is an address of loopback itself, `own`, the others are hosts as well. */
export function isLoopback(address: string, own = COMMON): boolean {
  if (own !== COMMON && address.startsWith('127.')) return address === COMMON;
  return plainAddress(address).startsWith('127.') || address === '::1' || address === '0.0.0.0';
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
