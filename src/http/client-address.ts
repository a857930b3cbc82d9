// Which client a request counts against. IPv6 clients own a whole /64 (RFC 6177), so they are
// counted by it.
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { plainAddress } from '../core/base/plain-address';

/** IPv4 as it is, IPv4-mapped IPv6 as IPv4, other IPv6 as its /64; anything else unchanged. */
export function clientKey(address: string): string {
  if (!address.includes(':')) return address;
  const plain = plainAddress(address.split('%', 1)[0].toLowerCase());
  if (isIPv4(plain)) return plain;
  return isIPv6(plain) ? prefix64(plain) : address;
}

/**
 * The rightmost hop of X-Forwarded-For, which the trusted proxy itself wrote. Null when that is no
 * address; a zone is no part of one.
 */
export function lastForwardedHop(header: string | readonly string[] | undefined): string | null {
  if (header === undefined) return null;
  const text = typeof header === 'string' ? header : header.join(',');
  const hop = text.slice(text.lastIndexOf(',') + 1).trim();
  const bare = /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  return isIPv4(bare) || (isIPv6(bare) && !bare.includes('%')) ? bare : null;
}

/** Whether a socket address belongs to a proxy whose X-Forwarded-For counts. */
export class TrustedProxies {
  private readonly ranges: BlockList | null;

  constructor(private readonly trust: boolean | readonly string[]) {
    this.ranges = typeof trust === 'boolean' ? null : new BlockList();
    for (const range of typeof trust === 'boolean' ? [] : trust) {
      const [network, bits] = range.split('/') as [string, string?];
      const family = isIPv4(network) ? 'ipv4' : 'ipv6';
      const prefix = bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits);
      this.ranges?.addSubnet(network, prefix, family);
    }
  }

  includes(address: string): boolean {
    if (this.ranges === null) return this.trust === true;
    const plain = plainAddress(address);
    return this.ranges.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
  }

  /** Whose request it is: that of the hop that a trusted proxy vouches for, else of the socket. */
  clientOf(socketAddress: string, forwardedFor: string | readonly string[] | undefined): string {
    const proxy = clientKey(socketAddress);
    if (forwardedFor === undefined || !this.includes(socketAddress)) return proxy;
    const hop = lastForwardedHop(forwardedFor);
    return hop === null ? proxy : `${proxy} ${clientKey(hop)}`;
  }
}

function prefix64(address: string): string {
  const [head, tail] = address.split('::') as [string, string?];
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined && groups.length < 4) {
    const after = tail === '' ? [] : tail.split(':');
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
