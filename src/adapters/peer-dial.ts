// Opens a socket to another node and greets it, all within one time limit. Names are looked up here, so that the
// policy judges the address that is really connected to.
import { lookup, type LookupAddress } from 'node:dns';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Endpoint, NodeIdentity, SelfIdentity } from '../core/membership/identity';
import type { DialFailure } from '../core/node/inputs';
import { DialerHandshake, type GreetingParty } from './greeting-handshake';
import type { FrameSeal } from './link-proof';
import type { PeerPolicy } from './peer-policy';
import { CLUSTER_HEADER, GOSSIP_PATH, greet, SOCKET_OPTIONS, type GreetingResult } from './peer-socket';

export type DialResult =
  | {
      readonly kind: 'linked';
      readonly socket: WebSocket;
      readonly connection: Socket;
      readonly identity: NodeIdentity;
      readonly seal: FrameSeal | null;
    }
  | { readonly kind: 'failed'; readonly failure: DialFailure; readonly greeting: GreetingResult | null };

export interface DialOptions {
  readonly party: GreetingParty;
  readonly policy: PeerPolicy;
  /** For connecting and greeting together. */
  readonly limitMs: number;
}

/** One attempt. `done` is called once and never within the constructor. */
export class PeerDial {
  private settled = false;
  private readonly socket: WebSocket | null = null;
  private readonly endsAtMs: number;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    endpoint: Endpoint,
    private readonly options: DialOptions,
    private readonly done: (result: DialResult) => void,
  ) {
    this.endsAtMs = performance.now() + options.limitMs;
    const url = gossipUrl(endpoint);
    const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
    if (url === null) {
      setImmediate(() => this.fail('failed'));
    } else if (isIP(host) !== 0 && !options.policy.admits(host)) {
      setImmediate(() => this.fail('forbidden'));
    } else {
      this.socket = this.open(url, host);
    }
  }

  /** Gives the attempt up; `done` still hears of it, as `failed`. */
  abort(): void {
    this.socket?.terminate();
  }

  private open(url: URL, host: string): WebSocket {
    const socket = new WebSocket(url, {
      ...SOCKET_OPTIONS,
      generateMask: noMask,
      followRedirects: false,
      headers: { [CLUSTER_HEADER]: this.options.party.identity.cluster },
      lookup: admittedLookup(this.options.policy),
      ...origin(host, this.options.party.identity),
    });
    this.timer = setTimeout(() => {
      this.fail('timeout');
      socket.terminate();
    }, this.options.limitMs);
    const onConnectError = (error: Error): void => this.fail(connectFailure(error));
    socket.on('error', onConnectError);
    socket.on('unexpected-response', (request: ClientRequest, response: IncomingMessage) => {
      request.destroy();
      this.fail(response.statusCode === 403 ? 'rejected' : 'failed');
    });
    socket.on('upgrade', (response) => {
      socket.on('open', () => {
        this.greetOver(socket, response.socket);
        socket.off('error', onConnectError);
      });
    });
    return socket;
  }

  private greetOver(socket: WebSocket, connection: Socket): void {
    if (this.timer !== null) clearTimeout(this.timer);
    connection.setNoDelay(true);
    const limitMs = Math.max(1, this.endsAtMs - performance.now());
    greet(socket, new DialerHandshake(this.options.party), limitMs, (greeting) => {
      if (greeting.kind !== 'proven') {
        this.fail(greetingFailure(greeting), greeting);
        return;
      }
      const { identity, seal } = greeting;
      this.settle({ kind: 'linked', socket, connection, identity, seal });
    });
  }

  private fail(failure: DialFailure, greeting: GreetingResult | null = null): void {
    this.settle({ kind: 'failed', failure, greeting });
  }

  private settle(result: DialResult): void {
    if (this.settled) return;
    this.settled = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.done(result);
  }
}

/** Null when the endpoint's address cannot be the host of a URL, or only looks like a name: `127.1` and `0x7f.1` are addresses. */
function gossipUrl(endpoint: Endpoint): URL | null {
  const { address, port } = endpoint;
  const isHost = isIP(address) !== 0 || /^[a-z0-9._-]{1,253}$/i.test(address);
  if (!isHost || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const host = address.includes(':') ? `[${address}]` : address;
  const text = `ws://${host}:${port}${GOSSIP_PATH}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && isIP(address) === 0 && isIP(url.hostname) !== 0 ? null : url;
}

/** Hosts on loopback know each other by where connections come from; by itself the system would say 127.0.0.1. */
function origin(host: string, { loopback }: SelfIdentity): { localAddress?: string } {
  const isBetweenHosts = isIP(host) === 4 && host.startsWith('127.');
  return isBetweenHosts && loopback !== undefined ? { localAddress: loopback } : {};
}

/**
 * A mask of zeros, which both ends skip: masking byte by byte would cost more than all else a link does (11 times the
 * CPU at 64 KiB). RFC 6455, 10.3, wants it unpredictable against scripts in browsers, which no node runs.
 */
function noMask(mask: Buffer): void {
  mask.fill(0);
}

class ForbiddenAddressError extends Error {}

/** Looks a name up and hides the addresses that the policy does not admit. */
function admittedLookup(policy: PeerPolicy): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error !== null) {
        callback(error, '', 0);
        return;
      }
      const admitted = policy.admitted(hostname, found);
      if (admitted.length === 0) callback(new ForbiddenAddressError(`${hostname} is not a peer's`), '', 0);
      else if (options.all === true) callback(null, admitted);
      else callback(null, admitted[0].address, admitted[0].family);
    });
  };
}

/** `refused` only when every address tried said so: it is taken as evidence that nothing listens there. */
function connectFailure(error: Error): DialFailure {
  if (error instanceof ForbiddenAddressError) return 'forbidden';
  const tried: unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [error];
  const codes = tried.map((each) => (each as NodeJS.ErrnoException).code);
  if (codes.every((code) => code === 'ECONNREFUSED')) return 'refused';
  return codes.every((code) => code === 'ETIMEDOUT') ? 'timeout' : 'failed';
}

function greetingFailure(greeting: Exclude<GreetingResult, { kind: 'proven' }>): DialFailure {
  switch (greeting.kind) {
    case 'refused':
    case 'rejected':
      return greeting.code === 'self' ? 'self' : 'rejected';
    case 'timeout':
      return 'timeout';
    case 'junk':
    case 'closed':
      return 'failed';
  }
}
