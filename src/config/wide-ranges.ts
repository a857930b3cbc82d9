// Address ranges that an operator grants something to, and that are so wide that they were hardly
// meant: together they cover more public addresses than a /8 of IPv4, or a /16 of IPv6. Such a
// range means anybody. Private ranges are nobody's but the operator's, however wide they are.
import { isIPv4 } from 'node:net';
import { PRIVATE_RANGES } from '../core/base/private-ranges';
import { listItems, parseCidr } from './addresses';
import type { VariableName, VariableTexts } from './variables';

interface Range {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly bits: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;
const NARROWEST_WIDE_BITS = { 4: 8, 6: 16 } as const;

/** Of the machine itself, of private networks, or of no single host. */
const NOT_PUBLIC = [...PRIVATE_RANGES, '224.0.0.0/3', 'ff00::/8'].map((text) => parseRange(text));

/** IPv6 in which all of IPv4 is written: NAT64 (RFC 6052) and 6to4 (RFC 3056). */
const IPV4_WITHIN_IPV6 = ['64:ff9b::/96', '2002::/16'].map((text) => parseRange(text));

/** What a range lets everybody do who has an address of it, by the variable that holds it. */
const MEANS: Partial<Record<VariableName, string>> = {
  REPRAM_PEER_ALLOW:
    'without a secret anybody there can become a peer, who reads, replaces and writes every value; set REPRAM_CLUSTER_SECRET, or name the addresses of your hosts',
  REPRAM_QUOTA_EXEMPT:
    'anybody there may fill the memory of all nodes; name the addresses of your own machines',
  REPRAM_TRUST_PROXY:
    'anybody there may invent client addresses, and has no limit of connections; name the addresses of your proxies',
};

/** A line for each variable whose ranges mean anybody. */
export function wideRangeAdvice(texts: Readonly<VariableTexts>): string[] {
  return (Object.entries(MEANS) as [VariableName, string][])
    .filter(([name]) => name !== 'REPRAM_PEER_ALLOW' || texts.REPRAM_CLUSTER_SECRET === '')
    .filter(([name]) => areWide(listItems(texts[name])))
    .map(([name, meaning]) => `${name} ${shortened(texts[name])} covers public addresses widely: ${meaning}`);
}

/** Whether the ranges together mean anybody. What is no range counts as none. */
export function areWide(items: readonly string[]): boolean {
  const ranges = items.flatMap((item) => parseCidr(item) ?? []).map((text) => asIpv4(parseRange(text)));
  const counted: Range[] = [];
  for (const range of ranges.sort((one, other) => one.bits - other.bits)) {
    if (![...NOT_PUBLIC, ...counted].some((outer) => isWithin(range, outer))) counted.push(range);
  }
  return ([4, 6] as const).some((version) => {
    const sizes = counted.filter((range) => range.version === version).map(sizeOf);
    const total = sizes.reduce((sum, size) => sum + size, 0n);
    return total > 1n << BigInt(WIDTH[version] - NARROWEST_WIDE_BITS[version]);
  });
}

function sizeOf({ version, bits }: Range): bigint {
  return 1n << BigInt(WIDTH[version] - bits);
}

function isWithin(inner: Range, outer: Range): boolean {
  if (inner.version !== outer.version || inner.bits < outer.bits) return false;
  const rest = BigInt(WIDTH[outer.version] - outer.bits);
  return inner.first >> rest === outer.first >> rest;
}

function asIpv4(range: Range): Range {
  for (const home of IPV4_WITHIN_IPV6) {
    // Wider than a /16 it is wide by itself.
    if (range.bits >= NARROWEST_WIDE_BITS[6] && isWithin(home, range))
      return { version: 4, first: 0n, bits: 0 };
    if (!isWithin(range, home)) continue;
    const bits = Math.min(32, range.bits - home.bits);
    const behind = BigInt(WIDTH[6] - home.bits - 32);
    return { version: 4, first: (range.first >> behind) & 0xffff_ffffn, bits };
  }
  return range;
}

/** @param text as parseCidr gives it */
function parseRange(text: string): Range {
  const [address, bits] = text.split('/');
  const version = isIPv4(address) ? 4 : 6;
  return { version, first: version === 4 ? number4(address) : number6(address), bits: Number(bits) };
}

function number4(address: string): bigint {
  return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function number6(address: string): bigint {
  // A URL writes an embedded IPv4 address as two groups.
  const [head, tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::') as [string, string?];
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  while (tail !== undefined && groups.length + after.length < 8) groups.push('0');
  return [...groups, ...after].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
