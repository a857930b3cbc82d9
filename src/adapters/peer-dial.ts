// Opens a socket to another node and greets it, all within one time limit. Names are looked up
// here, so that the policy judges the address that is really connected to. That address also
// decides whether the link is encrypted, never what the other end says: with a secret, every link
// that leaves this host is.
import { lookup, type LookupAddress } from 'node:dns';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Endpoint, SelfIdentity } from '../core/base/identity';
import type { DialFailure } from '../core/base/inputs';
import type { ClusterKeys } from './cluster-keys';
import { limitInterim } from './interim-answers';
import { DialerHandshake } from './greeting-handshake';
import { isOwnHost, type PeerPolicy } from './peer-policy';
import {
  CLUSTER_HEADER,
  STORE_HEADER,
  VALUES_HEADER,
  VALUES_IN_SERVERS,
  CONNECT_PATIENCE,
  FAR_PATIENCE,
  GOSSIP_PATH,
  greet,
  SOCKET_OPTIONS,
  type GreetingResult,
  type Proven,
} from './peer-socket';
import { CHANNEL_TOKEN, channelMaterial, SecureChannel, tellsOtherKey } from './secure-channel';

export type DialResult =
  | ({ readonly kind: 'linked' } & Proven)
  | { readonly kind: 'failed'; readonly failure: DialFailure; readonly greeting: GreetingResult | null };

export interface DialOptions {
  readonly identity: SelfIdentity;
  readonly keys: ClusterKeys | null;
  readonly policy: PeerPolicy;
  readonly valuesInServers: boolean;
  /** Null where there is none, or none is known. */
  readonly storeId: string | null;
  /**
   * For connecting and greeting together. CONNECT_PATIENCE times as long where it may be another
   * host, and FAR_PATIENCE times once that has answered.
   */
  readonly limitMs: number;
}

/** One attempt. `done` is called once and never within the constructor. */
export class PeerDial {
  private settled = false;
  private socket: Socket | null = null;
  private readonly startedAtMs = performance.now();
  private endsAtMs: number;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: DialOptions,
    private readonly done: (result: DialResult) => void,
  ) {
    this.endsAtMs = this.startedAtMs;
    const url = gossipUrl(endpoint);
    const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
    if (url === null) {
      setImmediate(() => this.fail('failed'));
    } else if (isIP(host) !== 0 && !options.policy.mayDial(host)) {
      setImmediate(() => this.fail('forbidden'));
    } else {
      this.open(url, host);
    }
  }

  /** Gives the attempt up; `done` still hears of it, as `failed`. */
  abort(): void {
    this.socket?.destroy();
  }

  private open(url: URL, host: string): void {
    const { identity, policy, limitMs } = this.options;
    const { port } = this.endpoint;
    const socket = connect({ host, port, lookup: admittedLookup(policy), ...origin(host, identity) });
    this.socket = socket;
    this.limitTo(isOwnHost(host, identity) ? limitMs : CONNECT_PATIENCE * limitMs);
    socket.on('error', (error: Error) => this.fail(connectFailure(error)));
    socket.on('close', () => this.fail('failed'));
    socket.once('connect', () => {
      socket.setNoDelay(true);
      const { keys } = this.options;
      const isHere = isOwnHost(socket.remoteAddress ?? '', identity);
      this.limitTo(isHere ? limitMs : FAR_PATIENCE * limitMs);
      if (keys === null || isHere) this.upgrade(url, socket, null);
      else this.encrypt(url, socket, new SecureChannel(keys.channel));
    });
  }

  private encrypt(url: URL, socket: Socket, channel: SecureChannel): void {
    const headers = { host: url.host, connection: 'Upgrade', upgrade: CHANNEL_TOKEN, ...this.introduction() };
    const request = httpRequest({ createConnection: () => socket, path: GOSSIP_PATH, headers });
    request.on('error', (error) => this.fail(connectFailure(error)));
    request.on('response', (response) => this.refusedWith(response));
    limitInterim(request);
    request.on('upgrade', (response, _socket, head) => {
      const isAgreed = response.headers.upgrade?.toLowerCase() === CHANNEL_TOKEN && head.length === 0;
      if (!isAgreed) {
        this.fail('failed');
        return;
      }
      const secured = channel.dial(socket);
      secured.on('error', (error: Error) => this.channelFailed(error));
      secured.once('secureConnect', () => this.upgrade(url, secured, channelMaterial(secured)));
    });
    request.end();
  }

  private upgrade(url: URL, connection: Socket, channel: Buffer | null): void {
    const socket = new WebSocket(url, {
      ...SOCKET_OPTIONS,
      generateMask: noMask,
      followRedirects: false,
      headers: this.introduction(),
      createConnection: () => connection,
      finishRequest: (request) => {
        limitInterim(request);
        request.end();
      },
    });
    const onError = (error: Error): void => this.fail(connectFailure(error));
    socket.on('error', onError);
    socket.on('unexpected-response', (request, response) => {
      this.refusedWith(response);
      request.destroy();
    });
    socket.on('open', () => {
      this.greetOver(socket, connection, channel);
      socket.off('error', onError);
    });
  }

  private introduction(): Record<string, string> {
    const { identity, valuesInServers, storeId } = this.options;
    const values = valuesInServers ? { [VALUES_HEADER]: VALUES_IN_SERVERS } : {};
    const store = storeId === null ? {} : { [STORE_HEADER]: storeId };
    return { [CLUSTER_HEADER]: identity.cluster, ...values, ...store };
  }

  private greetOver(socket: WebSocket, connection: Socket, channel: Buffer | null): void {
    if (this.timer !== null) clearTimeout(this.timer);
    const { identity, keys } = this.options;
    const handshake = new DialerHandshake({ identity, key: keys?.greeting ?? null, channel });
    const limitMs = Math.max(1, this.endsAtMs - performance.now());
    greet(socket, handshake, limitMs, (greeting) => {
      if (greeting.kind === 'proven') this.settle({ ...greeting, kind: 'linked', socket, connection });
      else this.settle({ kind: 'failed', failure: greetingFailure(greeting), greeting });
    });
  }

  private refusedWith({ statusCode }: IncomingMessage): void {
    // 426: encryption is wanted where there is no secret, or there is none where it is offered.
    const greeting = { kind: 'rejected', code: 'other-secret' } as const;
    if (statusCode === 426) this.settle({ kind: 'failed', failure: 'rejected', greeting });
    else this.fail(statusCode === 403 ? 'rejected' : 'failed');
    this.socket?.destroy();
  }

  private channelFailed(error: Error): void {
    const greeting = { kind: 'rejected', code: 'other-secret' } as const;
    if (tellsOtherKey(error)) this.settle({ kind: 'failed', failure: 'rejected', greeting });
    else this.fail('failed');
    this.socket?.destroy();
  }

  /** Milliseconds from the start of the attempt. */
  private limitTo(limitMs: number): void {
    this.endsAtMs = this.startedAtMs + limitMs;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fail('timeout'), Math.max(1, this.endsAtMs - performance.now()));
  }

  /** Once a greeting has begun its end tells more than the socket's. */
  private fail(failure: DialFailure): void {
    this.settle({ kind: 'failed', failure, greeting: null });
    this.socket?.destroy();
  }

  private settle(result: DialResult): void {
    if (this.settled) return;
    this.settled = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.done(result);
  }
}
/**
 * Null when the endpoint's address cannot be the host of a URL, or only looks like a name: `127.1`
 * and `0x7f.1` are addresses.
 */
function gossipUrl(endpoint: Endpoint): URL | null {
  const { address, port } = endpoint;
  const isHost = isIP(address) !== 0 || /^[a-z0-9._-]{1,253}$/i.test(address);
  if (!isHost || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const host = address.includes(':') ? `[${address}]` : address;
  const text = `ws://${host}:${port}${GOSSIP_PATH}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && isIP(address) === 0 && isIP(url.hostname) !== 0 ? null : url;
}

/**
 * Hosts on loopback know each other by where connections come from. By itself the system would say
 * 127.0.0.1.
 */
function origin(host: string, { loopback }: SelfIdentity): { localAddress?: string } {
  const isBetweenHosts = isIP(host) === 4 && host.startsWith('127.');
  return isBetweenHosts && loopback !== undefined ? { localAddress: loopback } : {};
}

/**
 * A mask of zeros, which both ends skip. Masking byte by byte would cost more than all else a link
 * does (11 times the CPU at 64 KiB). RFC 6455, 10.3, wants it unpredictable against scripts in
 * browsers, which no node runs.
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

/**
 * `refused` only when every address tried said so: it is taken as evidence that nothing listens
 * there.
 */
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
