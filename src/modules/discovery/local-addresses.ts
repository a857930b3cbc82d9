// Addresses that lead back to this machine.
import { networkInterfaces } from 'node:os';

export function isLoopback(address: string): boolean {
  return (
    address.startsWith('127.') || address === '::1' || /^::ffff:127\./i.test(address) || address === '0.0.0.0'
  );
}

/** Every address of this machine's interfaces now. */
export function ownAddresses(): Set<string> {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(interfaces.map(({ address }) => address));
}
