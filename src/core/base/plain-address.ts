// One reading of the addresses that sockets report.

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * IPv4 mapped into IPv6 (RFC 4291, 2.5.5.2) as IPv4: a dual-stack socket reports its IPv4 callers
 * that way. Anything else as it is.
 */
export function plainAddress(address: string): string {
  return MAPPED.exec(address)?.[1] ?? address;
}
