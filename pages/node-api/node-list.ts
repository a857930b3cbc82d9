// At which addresses a page can go on when the node that it talks to ends.
import type { Peer } from './calls';

const ADDRESSES_MAX = 32;

export interface Where {
  readonly address: string;
  readonly port: number;
}

/** Addresses of nodes, each with a slash at its end; one of them is the one in use. */
export class NodeList {
  private others: readonly string[] = [];
  private readonly failed = new Set<string>();
  private inUse: string;

  /** @param home the address that served the page */
  constructor(readonly home: string) {
    this.inUse = home;
  }

  get current(): string {
    return this.inUse;
  }

  /** Every node but the one in use. */
  get alternatives(): readonly string[] {
    return [this.home, ...this.others].filter((address) => address !== this.inUse);
  }

  /** Peers that were told are what there is; the home stays. */
  learn(addresses: readonly string[]): void {
    const others = new Set(addresses.filter((address) => address !== this.home));
    this.others = [...others].slice(0, ADDRESSES_MAX);
  }

  /** The one in use answers. */
  succeed(): void {
    this.failed.clear();
  }

  /**
   * The one in use does not answer: goes on at another.
   *
   * @returns whether each of them has failed since one last answered
   */
  fail(): boolean {
    this.failed.add(this.inUse);
    const all = [this.home, ...this.others];
    const untried = all.find((address) => !this.failed.has(address));
    this.inUse = untried ?? all[(all.indexOf(this.inUse) + 1) % all.length] ?? this.home;
    if (untried !== undefined) return false;
    this.failed.clear();
    return true;
  }
}

/**
 * Where the peers of a node can be asked by a page. Peers on the node's own host have the host of
 * the page, if the page's port is the node's own. Other peers have the address that they are known
 * by: over plain HTTP only, and a private one only where the page has one itself.
 *
 * @param page address of the page
 * @param ownPort the port that the node says it has
 */
export function addressesOf(
  page: string,
  ownPort: number,
  peers: readonly (Where & { readonly state?: Peer['state'] })[],
): string[] {
  const url = new URL(page);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const isDirect = port === ownPort && url.pathname === '/';
  const usable = peers.filter(({ state }) => state !== 'dead' && state !== 'left');
  const beside = usable.filter(({ address }) => isLoopback(address));
  const elsewhere = usable.filter(({ address }) => !isLoopback(address));
  const mayAsk = ({ address }: Where): boolean =>
    url.protocol === 'http:' && (!isPrivate(address) || isLoopback(url.hostname) || isPrivate(url.hostname));
  return [
    ...(isDirect ? beside.map((peer) => `${url.protocol}//${url.hostname}:${peer.port}/`) : []),
    ...elsewhere.filter(mayAsk).map((peer) => `http://${inAddress(peer.address)}:${peer.port}/`),
  ].filter((address) => URL.canParse(address));
}

function isLoopback(address: string): boolean {
  return /^(?:127\.|\[?::1\]?$|\[?::ffff:127\.|localhost$)/.test(address);
}

function isPrivate(address: string): boolean {
  return /^(?:0\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|\[?f[cd][0-9a-f]{2}:|\[?fe[89ab][0-9a-f]:)/i.test(
    address,
  );
}

function inAddress(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}
