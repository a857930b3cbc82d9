// Which client a write is charged to. An exempt address (by default the operator's own networks) is
// charged nothing. Some proxies are named by the operator, or have an exempt address themselves.
// Behind those the hop that the proxy vouches for is the client. Where every proxy is believed
// (REPRAM_TRUST_PROXY=true) hops can be invented. So the socket is charged as well, and no hop is
// exempt.
import type { Socket } from 'node:net';
import { clientKey, lastForwardedHop, TrustedProxies } from './client-address';

export interface Writer {
  readonly client: string;
  /** The socket whose hops no proxy vouches for. */
  readonly socket: string | null;
}

export class Writers {
  private readonly trusted: TrustedProxies;
  private readonly exempt: TrustedProxies;
  private readonly sockets = new WeakMap<Socket, { readonly key: string; readonly isExempt: boolean }>();

  constructor(
    private readonly trust: boolean | readonly string[],
    exempt: readonly string[],
  ) {
    this.trusted = new TrustedProxies(trust);
    this.exempt = new TrustedProxies(exempt);
  }

  /** Null = exempt. */
  of(socket: Socket, forwardedFor: string | readonly string[] | undefined): Writer | null {
    const { key, isExempt } = this.known(socket);
    const hop = this.hop(socket.remoteAddress ?? '', forwardedFor);
    if (hop === null) return isExempt ? null : { client: key, socket: null };
    if (this.trust === true && !isExempt) return { client: `${key} ${clientKey(hop)}`, socket: key };
    return this.exempt.includes(hop) ? null : { client: clientKey(hop), socket: null };
  }

  trusts(address: string): boolean {
    return address !== '' && this.trusted.includes(address);
  }

  private hop(address: string, forwardedFor: string | readonly string[] | undefined): string | null {
    return forwardedFor !== undefined && this.trusts(address) ? lastForwardedHop(forwardedFor) : null;
  }

  /**
   * Once for each connection. Ranges and regular expressions are slow beside everything else that a
   * write does here.
   */
  private known(socket: Socket): { readonly key: string; readonly isExempt: boolean } {
    const known = this.sockets.get(socket);
    if (known !== undefined) return known;
    const address = socket.remoteAddress ?? '';
    const found = { key: clientKey(address), isExempt: address !== '' && this.exempt.includes(address) };
    this.sockets.set(socket, found);
    return found;
  }
}
