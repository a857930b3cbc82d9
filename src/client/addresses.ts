// Addresses of nodes: how they are read, and which of those that a node tells can be reached.
import type { PeerReport } from './answers';
import { RepramError } from './errors';

/**
 * The base of all URLs of a node, with a slash at its end.
 *
 * @param given `host:port`, or a URL of http or https, perhaps with a path prefix
 * @throws RepramError `argument-invalid`
 */
export function nodeAddress(given: string): string {
  const text = given.trim();
  const url = readUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw invalidNode(given, 'it is neither host:port nor a URL of http or https');
  if (url.port === '0') throw invalidNode(given, 'nobody listens at port 0');
  if (url.username !== '' || url.password !== '') throw invalidNode(given, 'it has a user or a password');
  if (url.search !== '' || url.hash !== '') throw invalidNode(given, 'it has a query or a fragment');
  return url.origin + url.pathname.replace(/\/*$/, '/');
}

function readUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function invalidNode(given: string, why: string): RepramError {
  return new RepramError('argument-invalid', `${JSON.stringify(given)} is no address of a node: ${why}.`);
}

/** Path prefixes and https are a gateway's; behind it nodes have other addresses. */
export function isPlain(address: string): boolean {
  const { protocol, pathname } = new URL(address);
  return protocol === 'http:' && pathname === '/';
}

/** The port that is asked, as a number. */
export function portOf(address: string): number {
  const { port, protocol } = new URL(address);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/**
 * Where a peer can be reached, or null. A peer on the teller's own host is known to the teller by
 * loopback: its host is the teller's, as this client knows it. A private address counts only where
 * the teller has one itself, because it means another machine elsewhere.
 *
 * @param teller address of the node that tells, a plain one
 */
export function peerAddress(
  teller: string,
  { address, port }: Pick<PeerReport, 'address' | 'port'>,
): string | null {
  const { hostname } = new URL(teller);
  if (isLoopback(address)) return `http://${hostname}:${port}/`;
  if (isPrivate(address) && !isNear(hostname)) return null;
  const host = address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
  const url = readUrl(`http://${host}:${port}/`);
  return url === null ? null : url.href;
}

function isLoopback(host: string): boolean {
  return /^(?:127\.|\[?::1\]?$|\[?::ffff:127\.|\[?::ffff:7f|localhost$)/i.test(host);
}

const PRIVATE = [
  /^(?:0|10)\./,
  /^192\.168\./,
  /^169\.254\./,
  /^172\.(?:1[6-9]|2\d|3[01])\./,
  /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^\[?f[cd][0-9a-f]{2}:/i,
  /^\[?fe[89ab][0-9a-f]:/i,
  /^\[?::ffff:/i,
];

function isPrivate(host: string): boolean {
  return PRIVATE.some((range) => range.test(host));
}

/** On this machine or in its network: by number, or by a name that no public resolver has. */
function isNear(host: string): boolean {
  return isLoopback(host) || isPrivate(host) || !/[.:]/.test(host) || /\.(?:local|internal|lan)$/i.test(host);
}
