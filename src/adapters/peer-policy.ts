// Which addresses may be peers of a node without a cluster secret: its own machine and private
// networks, the addresses of its configured sources, and what the operator allows. Any other host
// could read and write the data, so it is neither accepted nor dialled. With a secret every address
// may try to prove that it knows it. Some addresses are never dialled, whatever names them.
import { BlockList, isIP, isIPv4 } from 'node:net';
import type { SelfIdentity } from '../core/base/identity';
import { plainAddress } from '../core/base/plain-address';
import { LINK_LOCAL_RANGES, LOOPBACK_RANGES, PRIVATE_RANGES } from '../core/base/private-ranges';

/**
 * Never peers, whatever names them and whatever is allowed. These are addresses that mean no single
 * host, and the metadata services of clouds. Those hand out credentials to anybody who can make a
 * machine ask (server-side request forgery).
 */
const NEVER = [
  '0.0.0.0/8',
  '224.0.0.0/4',
  // Reserved, and the broadcast address.
  '240.0.0.0/4',
  '::/128',
  'ff00::/8',
  '169.254.169.254/32',
  '169.254.170.2/32',
  '169.254.170.23/32',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fd00:ec2::254/128',
  'fd00:ec2::23/128',
  'fd20:ce::254/128',
  'fd00:c1::a9fe:a9fe/128',
  'fd00:a9fe:a9fe::1/128',
  'fd00:100::100:200/128',
  'fd00:42::42/128',
];

/**
 * One text per address: lower case, no zone. An IPv4 address mapped into IPv6 (RFC 4291, 2.5.5.2)
 * becomes IPv4, because a dual-stack socket reports its IPv4 callers as `::ffff:a.b.c.d`. Host
 * names only become lower case.
 */
export function canonicalAddress(address: string): string {
  const plain = address
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '');
  const hexadecimal = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(plain);
  if (hexadecimal === null) return plainAddress(plain);
  const [high, low] = [Number.parseInt(hexadecimal[1], 16), Number.parseInt(hexadecimal[2], 16)];
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/**
 * Whether a connection with this address at its other end is with this very host: its loopback,
 * which no other host can have.
 */
export function isOwnHost(address: string, { loopback }: Pick<SelfIdentity, 'loopback'>): boolean {
  const canonical = canonicalAddress(address);
  return loopback === undefined ? canonical === '127.0.0.1' || canonical === '::1' : canonical === loopback;
}

export interface PeerPolicyOptions {
  readonly secret: boolean;
  /** Addresses and CIDR ranges (`203.0.113.0/24`, `2001:db8::/32`, `198.51.100.7`). */
  readonly allow: readonly string[];
  /** Addresses and host names of configured sources, asked anew each time. */
  readonly configuredHosts: () => Iterable<string>;
}

/** Tells addresses that are never asked, accepted or dialled. */
export function neverPeers(): (address: string) => boolean {
  const ranges = new BlockList();
  for (const range of NEVER.flatMap(everyWayToWrite)) addRange(ranges, range);
  return (address) => {
    const canonical = canonicalAddress(address);
    return isIP(canonical) !== 0 && ranges.check(canonical, family(canonical));
  };
}

export class PeerPolicy {
  private readonly allowed = new BlockList();
  private readonly named = new BlockList();
  private readonly linkLocal = new BlockList();
  private readonly isNever = neverPeers();
  private readonly loopback = new BlockList();

  /**
   * Throws on an entry of `allow` that is no address or range. The settings refuse such entries
   * first.
   */
  constructor(private readonly options: PeerPolicyOptions) {
    for (const range of [...PRIVATE_RANGES, ...options.allow]) addRange(this.allowed, range);
    for (const range of options.allow) addRange(this.named, range);
    for (const range of LINK_LOCAL_RANGES.flatMap(everyWayToWrite)) addRange(this.linkLocal, range);
    for (const range of LOOPBACK_RANGES) addRange(this.loopback, range);
  }

  /**
   * Whether this address may be asked and dialled. It must be admitted. Unless the operator named
   * its range, it must not be an address of the link alone: services live there that trust whatever
   * reaches them.
   */
  mayDial(address: string): boolean {
    const canonical = canonicalAddress(address);
    if (!this.admits(canonical)) return false;
    return !this.isIn(this.linkLocal, canonical) || this.isIn(this.named, canonical);
  }

  /**
   * Whether a peer at this IP address may be accepted or dialled. A host name is allowed only when
   * configured.
   */
  admits(address: string): boolean {
    const canonical = canonicalAddress(address);
    if (this.isNever(canonical)) return false;
    if (this.options.secret) return true;
    return this.isIn(this.allowed, canonical) || this.isConfigured(canonical);
  }

  /**
   * Those of the addresses a name was looked up to that may be dialled. A name that no configured
   * source gave comes from a member of another host, where loopback is not what it is here.
   */
  admitted<T extends { readonly address: string }>(hostname: string, found: readonly T[]): T[] {
    const isConfigured = this.isConfigured(hostname);
    const mayBeHere = isConfigured || canonicalAddress(hostname) === 'localhost';
    return found.filter(({ address }) => {
      const canonical = canonicalAddress(address);
      if (this.isNever(canonical)) return false;
      if (!mayBeHere && this.isIn(this.loopback, canonical)) return false;
      if (this.isIn(this.linkLocal, canonical) && !this.isIn(this.named, canonical)) return false;
      return isConfigured || this.admits(address);
    });
  }

  private isIn(ranges: BlockList, canonical: string): boolean {
    return isIP(canonical) !== 0 && ranges.check(canonical, family(canonical));
  }

  /** Whether the operator, or a source that the operator chose, names this very host. */
  isConfigured(host: string): boolean {
    const wanted = canonicalAddress(host);
    for (const configured of this.options.configuredHosts()) {
      if (canonicalAddress(configured) === wanted) return true;
    }
    return false;
  }
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}

/**
 * A range of IPv4, also as translators and tunnels reach it: NAT64 (RFC 6052, and RFC 8215 within a
 * site), 6to4 (RFC 3056), "translated" (RFC 2765), and "compatible" (RFC 4291).
 */
function everyWayToWrite(range: string): string[] {
  const [address, prefix] = range.split('/');
  if (!isIPv4(address)) return [range];
  const [a, b, c, d] = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  const groups = `${a}${b}:${c}${d}`;
  const bits = Number(prefix);
  const translated = ['64:ff9b::', '64:ff9b:1::', '::ffff:0:'].map((by) => `${by}${groups}/${96 + bits}`);
  translated.push(`2002:${groups}::/${16 + bits}`);
  // ::1 is loopback, and lies where 0.0.0.1 would be.
  return a === '00' ? [range, ...translated] : [range, ...translated, `::${groups}/${96 + bits}`];
}

function addRange(list: BlockList, range: string): void {
  const [text, prefix] = range.split('/') as [string, string | undefined];
  const address = canonicalAddress(text);
  const bits = isIPv4(address) ? 32 : 128;
  const prefixBits = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (isIP(address) === 0 || prefixBits < 0 || prefixBits > bits) {
    throw new Error(`not an address or CIDR range: ${range}`);
  }
  list.addSubnet(address, prefixBits, family(address));
}
