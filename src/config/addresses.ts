// Texts that name places in a network: host names, endpoints, address ranges. Pure parsing, no
// look-up.
import { isIP, isIPv4, isIPv6 } from 'node:net';

export interface HostPort {
  /** IPv4 or IPv6 literal (without brackets) or host name. */
  readonly address: string;
  readonly port: number;
}

/**
 * An IP literal, or a host name by RFC 1123: labels of 1..63 letters, digits and inner hyphens, 253
 * characters at most. No zone (fe80::1%eth0): it names an interface of one machine and means
 * nothing to others. No URL can carry it.
 */
export function isHost(text: string): boolean {
  if (isIP(text) !== 0) return !text.includes('%');
  // All digits and dots can only be a mistyped IPv4 address.
  if (text.length > 253 || /^[\d.]+$/.test(text)) return false;
  return /^[a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?(\.[a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?)*\.?$/i.test(text);
}

/** A host, or an IPv6 address with the zone that link-local ones need on this machine. */
export function isBindAddress(text: string): boolean {
  return isHost(text) || isIPv6(text);
}

/**
 * Why no other host can reach this one under an address. Null when one may. Names are not looked
 * up, except localhost.
 */
export function unreachableFor(text: string): 'wildcard' | 'multicast' | 'loopback' | null {
  const address = text.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isIPv4(address)) {
    const first = Number(address.split('.', 1)[0]);
    if (first === 0 || address === '255.255.255.255') return 'wildcard';
    return first === 127 ? 'loopback' : first >= 224 && first < 240 ? 'multicast' : null;
  }
  if (isIPv6(address)) {
    if (/^[0:]+$/.test(address)) return 'wildcard';
    return /^[0:]+:0*1$/.test(address) ? 'loopback' : address.startsWith('ff') ? 'multicast' : null;
  }
  return /^(.+\.)?localhost\.?$/.test(address) ? 'loopback' : null;
}

/** Whether an address that the platform gave may be told to other hosts. */
export function isUsableHostAddress(text: string): boolean {
  return isIP(text) !== 0 && isHost(text) && unreachableFor(text) === null;
}

/** A host, `*.` and a name for all names below it, or `*` for all. */
export function isHostPattern(text: string): boolean {
  return text === '*' || isHost(text.replace(/^\*\./, ''));
}

const LOOPBACK = '127.0.0.1';

/**
 * 127.0.0.2 to 127.255.255.254: a host of its own where a node is bound to it
 * (docs/adr/0026-hosts-on-loopback.md).
 */
function isHostOnLoopback(address: string): boolean {
  return isIPv4(address) && /^127\.(?!0\.0\.[01]$|255\.255\.255$)/.test(address);
}

/** Where the nodes of one host find each other when they are bound to `bindAddress`. */
export function loopbackOf(bindAddress: string): string {
  return isHostOnLoopback(bindAddress) ? bindAddress : LOOPBACK;
}

/** Splits at commas and white space; empty items fall away. */
export function listItems(text: string): string[] {
  return text.split(/[\s,]+/).filter((item) => item !== '');
}

/** `host:port` or `[v6]:port`; null for anything else. */
export function parseHostPort(text: string): HostPort | null {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  if (match === null) return null;
  const bracketed = match.at(1);
  const address = bracketed ?? match[2];
  if (bracketed === undefined ? !isHost(address) : !isIPv6(address) || !isHost(address)) return null;
  const port = Number(match[3]);
  return port >= 1 && port <= 65535 ? { address, port } : null;
}

/**
 * `10.0.0.0/8`, `fd00::/8`. A single address means its own /32 or /128. Returns the range with its
 * length, null when invalid. IPv4 mapped into IPv6 (`::ffff:10.0.0.0/104`) becomes the range of
 * IPv4 that sockets tell of.
 */
export function parseCidr(text: string): string | null {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return null;
  const bits = family === 4 ? 32 : 128;
  const length = slash < 0 ? String(bits) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits) return null;
  const mapped = mappedIpv4(address);
  if (mapped === null) return `${address}/${Number(length)}`;
  return Number(length) >= MAPPED_BITS ? `${mapped}/${Number(length) - MAPPED_BITS}` : null;
}

/** Of the prefix ::ffff:0:0 (RFC 4291, 2.5.5.2). */
const MAPPED_BITS = 96;

function mappedIpv4(address: string): string | null {
  if (!isIPv6(address)) return null;
  const match = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(new URL(`http://[${address}]`).hostname);
  if (match === null) return null;
  const [high, low] = [Number.parseInt(match[1], 16), Number.parseInt(match[2], 16)];
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** A base URL without a slash at its end; null when it is no plain http or https URL. */
export function parseBaseUrl(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, username, password, search, hash, href } = new URL(text);
  const isPlain = [username, password, search, hash].every((part) => part === '');
  return ['http:', 'https:'].includes(protocol) && isPlain ? href.replace(/\/+$/, '') : null;
}

export interface PortPair {
  readonly containerPort: number;
  readonly hostPort: number;
}

/** `8081:38081,8082:38082`. Null when one is no pair of ports, or a side has a port twice. */
export function parsePortPairs(text: string): PortPair[] | null {
  const pairs = listItems(text).map((item) => /^(\d{1,5}):(\d{1,5})$/.exec(item));
  const found = pairs.map((match) => ({
    containerPort: Number(match?.[1]),
    hostPort: Number(match?.[2]),
  }));
  const sides = [found.map((pair) => pair.containerPort), found.map((pair) => pair.hostPort)];
  const areSound = sides.every((side) => {
    return new Set(side).size === side.length && side.every((port) => port >= 1 && port <= 65_535);
  });
  return areSound ? found : null;
}
