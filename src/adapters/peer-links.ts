// All links of one node: accepts upgrades on /gossip, dials, greets, and turns what sockets do into inputs of the
// core. Invariants: `deliver` is never called within a method of this class, so performing an effect cannot reenter
// the core; every link-up is followed by exactly one link-down and every dial by one link-up or dial-failed; what a
// stranger can do is bounded (sockets, time, bytes) and logged once per address.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { endpointKey, type Endpoint, type SelfIdentity } from '../core/membership/identity';
import type { CloseReason } from '../core/node/effects';
import type { Input, LinkId } from '../core/node/inputs';
import { LIMITS } from '../core/node/settings';
import { FirstTime } from './first-time';
import { strangeHeader } from './forwarded';
import { ListenerHandshake } from './greeting-handshake';
import type { Log } from './log';
import { PeerDial, type DialResult } from './peer-dial';
import { PeerLink } from './peer-link';
import { canonicalAddress, PeerPolicy } from './peer-policy';
import { CLUSTER_HEADER, greet, SOCKET_OPTIONS, type GreetingResult } from './peer-socket';
import { refuseUpgrade, type RefusalStatus } from './upgrade-refusal';

export interface PeerLinksOptions {
  /** Asked at each greeting: the ports are known only after the claim. */
  readonly identity: () => SelfIdentity;
  readonly secret: string | null;
  /** Addresses and CIDR ranges that may be peers without a secret, beside private ones. */
  readonly allow: readonly string[];
  /** Addresses and names of configured sources; always allowed. An inbound caller is compared by address only. */
  readonly configuredHosts: () => Iterable<string>;
  readonly deliver: (input: Input) => void;
  readonly log: Log;
  /** Milliseconds a greeting, or a dial with its greeting, may take (2000). */
  readonly greetingLimitMs?: number;
  /** Inbound sockets that have proven nothing yet; more are refused (64). */
  readonly unprovenMax?: number;
}

export interface PeerLinkCounters {
  readonly refusedByPolicy: number;
  readonly refusedOrigin: number;
  /** They came through a proxy, and there is no secret to tell who asks. */
  readonly refusedForwarded: number;
  readonly failedProof: number;
  readonly invalidFrames: number;
  /** Links open now; the others count since the start. */
  readonly links: number;
}

/** Links beyond which nobody is let in: four times the members of the largest cluster, so that each may be replaced. */
const LINKS_MAX = 4 * LIMITS.members;

type Proven = Omit<Extract<DialResult, { kind: 'linked' }>, 'kind'>;

export class PeerLinks {
  /** Called whenever one who names our cluster is refused for his address alone. */
  onStranger: () => void = () => undefined;
  private readonly server = new WebSocketServer({ ...SOCKET_OPTIONS, noServer: true, clientTracking: false });
  private readonly policy: PeerPolicy;
  private readonly links = new Map<LinkId, PeerLink>();
  private readonly dials = new Map<string, PeerDial>();
  private readonly unproven = new Set<WebSocket>();
  private readonly firstTime = new FirstTime();
  private readonly greetingLimitMs: number;
  private readonly unprovenMax: number;
  private readonly counts = {
    refusedByPolicy: 0,
    refusedOrigin: 0,
    refusedForwarded: 0,
    failedProof: 0,
    invalidFrames: 0,
  };
  private lastLinkId = 0;
  private closing = false;
  private readonly onAllDown: (() => void)[] = [];

  constructor(private readonly options: PeerLinksOptions) {
    const { secret, allow, configuredHosts } = options;
    this.policy = new PeerPolicy({ secret: secret !== null, allow, configuredHosts });
    this.greetingLimitMs = options.greetingLimitMs ?? 2000;
    this.unprovenMax = options.unprovenMax ?? 64;
  }

  /** For the `upgrade` event of the HTTP server, when `isPeerUpgrade` holds. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = canonicalAddress(request.socket.remoteAddress ?? '');
    const status = this.refusalOf(request, address);
    if (status !== null) {
      refuseUpgrade(socket, status);
      return;
    }
    this.server.handleUpgrade(request, socket, head, (accepted) => {
      this.greetInbound(accepted, request.socket, { address, port: request.socket.remotePort ?? 0 });
    });
  }

  /** Answered by one input; a call for an endpoint that is being dialled already shares that dial's answer. */
  dial(endpoint: Endpoint): void {
    const key = endpointKey(endpoint);
    if (this.dials.has(key)) return;
    if (this.closing) {
      setImmediate(() => this.options.deliver({ kind: 'dial-failed', endpoint, failure: 'failed' }));
      return;
    }
    const { identity, secret } = this.options;
    const party = { identity: identity(), secret };
    const dialOptions = { party, policy: this.policy, limitMs: this.greetingLimitMs };
    const dial = new PeerDial(endpoint, dialOptions, (result) => {
      this.dials.delete(key);
      this.settleDial(endpoint, result);
    });
    this.dials.set(key, dial);
  }

  /** Queues a frame of at most LIMITS.frameBytesMax bytes; one for a link that is closing or gone is dropped. */
  send(linkId: LinkId, frame: Uint8Array): void {
    this.links.get(linkId)?.send(frame);
  }

  /** What was sent before still goes out and what arrives is still delivered, for at most a second. */
  close(linkId: LinkId, reason: CloseReason): void {
    this.links.get(linkId)?.close(reason);
  }

  /** Closes every link with the reason `leaving` and refuses new ones; resolves when all are down, within a second. */
  shutdown(): Promise<void> {
    this.closing = true;
    for (const dial of this.dials.values()) dial.abort();
    for (const socket of this.unproven) socket.terminate();
    for (const link of this.links.values()) link.close('leaving');
    if (this.links.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.onAllDown.push(resolve));
  }

  counters(): PeerLinkCounters {
    return { ...this.counts, links: this.links.size };
  }

  private refusalOf(request: IncomingMessage, address: string): RefusalStatus | null {
    if (this.closing) return 503;
    if (request.headers.origin !== undefined) {
      this.counts.refusedOrigin += 1;
      this.logOnce('warn', 'peer-refused', address, 'origin', 'a browser has no business here');
      return 403;
    }
    const strange = this.options.secret === null ? strangeHeader(request.headers) : null;
    if (strange !== null) {
      this.counts.refusedForwarded += 1;
      const detail = `a proxy's address says nothing about who asks (${strange}): needs a secret at both ends`;
      this.logOnce('warn', 'peer-refused', address, 'forwarded', detail);
      return 403;
    }
    if (!this.policy.admits(address)) {
      this.counts.refusedByPolicy += 1;
      this.logOnce('warn', 'peer-refused', address, 'policy', 'needs a secret or REPRAM_PEER_ALLOW');
      if (request.headers[CLUSTER_HEADER] === this.options.identity().cluster) this.onStranger();
      return 403;
    }
    if (this.unproven.size < this.unprovenMax && this.links.size < LINKS_MAX) return null;
    const crowd = `${this.unproven.size} sockets have yet to greet, ${this.links.size} are links`;
    this.logOnce('warn', 'peer-refused', address, 'crowded', crowd);
    return 503;
  }

  private greetInbound(socket: WebSocket, connection: Socket, endpoint: Endpoint): void {
    const { identity, secret } = this.options;
    this.unproven.add(socket);
    socket.on('close', () => this.unproven.delete(socket));
    greet(socket, new ListenerHandshake({ identity: identity(), secret }), this.greetingLimitMs, (result) => {
      if (result.kind !== 'proven') {
        this.noteFailedGreeting(endpoint.address, result);
        return;
      }
      this.unproven.delete(socket);
      if (this.closing) socket.terminate();
      else this.addLink('inbound', endpoint, { ...result, socket, connection });
    });
  }

  private settleDial(endpoint: Endpoint, result: DialResult): void {
    if (result.kind === 'linked' && !this.closing) {
      this.addLink('outbound', endpoint, result);
      return;
    }
    if (result.kind === 'linked') result.socket.terminate();
    else if (result.greeting !== null) this.noteFailedGreeting(endpointKey(endpoint), result.greeting);
    const failure = result.kind === 'linked' ? 'failed' : result.failure;
    this.options.deliver({ kind: 'dial-failed', endpoint, failure });
  }

  private addLink(
    direction: 'inbound' | 'outbound',
    endpoint: Endpoint,
    { socket, connection, seal, identity }: Proven,
  ): void {
    const { deliver } = this.options;
    this.lastLinkId += 1;
    const linkId = this.lastLinkId;
    const link = new PeerLink(socket, connection, seal, {
      frame: (bytes) => deliver({ kind: 'frame', linkId, bytes }),
      flushed: (bytes) => deliver({ kind: 'link-flushed', linkId, bytes }),
      invalid: (problem) => {
        this.counts.invalidFrames += 1;
        this.logOnce('warn', 'link-invalid', endpoint.address, 'invalid-frame', problem);
      },
      down: () => this.removeLink(linkId),
    });
    this.links.set(linkId, link);
    deliver({ kind: 'link-up', linkId, direction, identity, endpoint });
  }

  private removeLink(linkId: LinkId): void {
    this.links.delete(linkId);
    this.options.deliver({ kind: 'link-down', linkId });
    if (this.closing && this.links.size === 0) {
      for (const resolve of this.onAllDown.splice(0)) resolve();
    }
  }

  private noteFailedGreeting(address: string, result: GreetingResult): void {
    const tooLate = `no greeting within ${this.greetingLimitMs} ms`;
    switch (result.kind) {
      case 'refused':
      case 'rejected': {
        if (result.code === 'other-secret') this.counts.failedProof += 1;
        if (result.code === 'self') return;
        const level = result.code === 'other-cluster' ? 'info' : 'warn';
        const event = result.kind === 'refused' ? 'peer-refused' : 'refused-by-peer';
        this.logOnce(level, event, address, result.code, result.kind === 'refused' ? result.detail : '');
        return;
      }
      case 'junk':
        this.counts.invalidFrames += 1;
        this.logOnce('warn', 'peer-refused', address, 'junk', result.problem);
        return;
      case 'timeout':
        this.logOnce('warn', 'peer-refused', address, 'timeout', tooLate);
        return;
      case 'closed':
      case 'proven':
        return;
    }
  }

  private logOnce(
    level: 'info' | 'warn',
    event: string,
    address: string,
    reason: string,
    detail: string,
  ): void {
    if (!this.firstTime.isFirst(`${event} ${reason} ${address}`)) return;
    this.options.log[level](event, detail === '' ? { address, reason } : { address, reason, detail });
  }
}
