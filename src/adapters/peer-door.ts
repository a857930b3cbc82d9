// The way in. It decides which upgrades of the HTTP server may greet. It sees to it that those of
// other hosts are encrypted where there is a secret. Then it greets. Invariants: with a secret
// nothing but the own host greets on a bare socket, whatever a stranger asks for. What a stranger
// can do is bounded (sockets, time, bytes) and logged once per address. Nothing a stranger does
// throws.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Endpoint, SelfIdentity } from '../core/base/identity';
import type { ClusterKeys } from './cluster-keys';
import { strangeHeader } from './forwarded';
import { ListenerHandshake } from './greeting-handshake';
import { canonicalAddress, isOwnHost, type PeerPolicy } from './peer-policy';
import type { PeerRefusals } from './peer-refusals';
import {
  CLUSTER_HEADER,
  STORE_HEADER,
  VALUES_HEADER,
  FAR_PATIENCE,
  greet,
  isPeerUpgrade,
  SOCKET_OPTIONS,
  type GreetingResult,
  type Proven,
} from './peer-socket';
import { CHANNEL_TOKEN, channelMaterial, SecureChannel, tellsOtherKey } from './secure-channel';
import { OTHER_STORE, type SameStore, storeIdIn } from './same-store';
import { UnprovenCaller } from './unproven-caller';
import { UnprovenSlots, type SlotLimits } from './unproven-slots';
import { SWITCHING_TO_CHANNEL, type RefuseUpgrade, type UpgradeRefusal } from './upgrade-refusal';

export interface PeerDoorOptions {
  readonly identity: () => SelfIdentity;
  readonly keys: ClusterKeys | null;
  readonly policy: PeerPolicy;
  readonly valuesInServers: boolean;
  readonly store: SameStore;
  readonly refusals: PeerRefusals;
  /** Milliseconds from the upgrade to the proof; FAR_PATIENCE times that from other hosts. */
  readonly limitMs: number;
  readonly slots: SlotLimits | undefined;
  /** Whether a further link has room; else what is full. */
  readonly crowd: () => string | null;
  readonly refuse: RefuseUpgrade;
  readonly onStranger: () => void;
  readonly onProven: (endpoint: Endpoint, proven: Proven) => void;
}

export class PeerDoor {
  private readonly webSockets = new WebSocketServer({
    ...SOCKET_OPTIONS,
    noServer: true,
    clientTracking: false,
  });
  private readonly channel: SecureChannel | null;
  /** Hears the requests within TLS, of which only one is of use. */
  private readonly inner: Server;
  private readonly behindTls = new WeakMap<Duplex, UnprovenCaller>();
  private readonly callers = new Set<UnprovenCaller>();
  private readonly slots: UnprovenSlots;
  private closing = false;

  constructor(private readonly options: PeerDoorOptions) {
    this.channel = options.keys === null ? null : new SecureChannel(options.keys.channel);
    this.slots = new UnprovenSlots(options.slots);
    this.inner = createServer((_request, response) => response.writeHead(404, { connection: 'close' }).end());
    this.inner.on('clientError', (_error, socket) => socket.destroy());
    this.inner.on('upgrade', (request, socket, head) => this.upgradeWithin(request, socket, head));
    this.webSockets.on('wsClientError', ({ message }, socket) => {
      options.refuse(socket, refusal('malformed', `This is no WebSocket of a node: ${message}.`));
    });
  }

  /** For the `upgrade` event of the HTTP server, when `isPeerUpgrade` holds. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = canonicalAddress(request.socket.remoteAddress ?? '');
    const isNear = this.isNear(request, address);
    const asksForChannel = tokenOf(request) === CHANNEL_TOKEN;
    const refused = this.refusalOf(request, address) ?? this.misplaced(address, isNear, asksForChannel);
    if (refused !== null) {
      this.options.refuse(socket, refused);
      return;
    }
    const caller = this.admit(request, address, isNear && !asksForChannel);
    if (caller === null) this.options.refuse(socket, CROWDED);
    else if (this.channel !== null && asksForChannel) this.encrypt(this.channel, caller, head);
    else this.greetOver(caller, request, socket, head, null);
  }

  /** A peer was at this address: it has room of its own from now on. */
  proved(address: string): void {
    this.slots.proved(canonicalAddress(address));
  }

  /** No caller gets in any more, and those that have not proven themselves go. */
  close(): void {
    this.closing = true;
    for (const { socket } of this.callers) socket.destroy();
  }

  /**
   * Only a connection from the own loopback comes from this host, and only when no proxy says that
   * it passes it on.
   */
  private isNear(request: IncomingMessage, address: string): boolean {
    return isOwnHost(address, this.options.identity()) && strangeHeader(request.headers) === null;
  }

  private refusalOf(request: IncomingMessage, address: string): UpgradeRefusal | null {
    const { policy, refusals, identity, onStranger, crowd } = this.options;
    if (this.closing) return LEAVING;
    // It would welcome without a port to come back to. Whoever calls does so again.
    if (identity().listenPort === 0) return STARTING;
    if (request.headers.origin !== undefined) {
      refusals.count('refusedOrigin');
      refusals.logOnce('warn', 'peer-refused', address, 'origin', 'a browser has no business here');
      return refusal('stranger', 'Browsers are no peers: an upgrade with an Origin is refused.');
    }
    const strange = this.channel === null ? strangeHeader(request.headers) : null;
    if (strange !== null) {
      refusals.count('refusedForwarded');
      const detail = `a proxy's address says nothing about who asks (${strange}): needs a secret at both ends`;
      refusals.logOnce('warn', 'peer-refused', address, 'forwarded', detail);
      return refusal('stranger', 'Without a cluster secret nobody becomes a peer through a proxy.');
    }
    if (!policy.admits(address)) {
      refusals.count('refusedByPolicy');
      refusals.logOnce('warn', 'peer-refused', address, 'policy', 'needs a secret or REPRAM_PEER_ALLOW');
      if (request.headers[CLUSTER_HEADER] === identity().cluster) onStranger();
      return refusal('stranger', 'Without a cluster secret nobody becomes a peer from this address.');
    }
    if ((request.headers[VALUES_HEADER] !== undefined) !== this.options.valuesInServers) {
      const holder = this.options.valuesInServers ? 'servers hold' : 'this node holds';
      const detail = `${holder} the values here, and not there: REPRAM_STORE_URL must be set on all nodes or on none`;
      refusals.logOnce('warn', 'peer-refused', address, 'other-engine', detail);
      return refusal('stranger', 'REPRAM_STORE_URL must be set on all nodes of a network or on none.');
    }
    const apart = this.apartness(request, address);
    if (apart !== null) return apart;
    const full = crowd();
    if (full === null) return null;
    refusals.logOnce('warn', 'peer-refused', address, 'crowded', full);
    return CROWDED;
  }

  /** Its values are, or may be, in other servers than those of this node. */
  private apartness(request: IncomingMessage, address: string): UpgradeRefusal | null {
    const theirs = storeIdIn(String(request.headers[STORE_HEADER] ?? ''));
    switch (this.options.store.compare(theirs)) {
      case 'unknown':
      case 'same':
        return null;
      case 'unsure':
        return COMPARING;
      case 'other':
        this.options.refusals.logOnce('warn', 'peer-refused', address, 'other-store', OTHER_STORE);
        return refusal(
          'stranger',
          'REPRAM_STORE_URL must lead to the same servers on all nodes of a network.',
        );
    }
  }

  /**
   * With a secret only this host may speak on a bare socket. Without one no host can speak on
   * another.
   */
  private misplaced(address: string, isNear: boolean, asksForChannel: boolean): UpgradeRefusal | null {
    if (this.channel === null ? !asksForChannel : asksForChannel || isNear) return null;
    const detail =
      this.channel === null
        ? 'it has a cluster secret, and this node has none'
        : 'it offered no proof of the cluster secret';
    this.options.refusals.greeting(address, { kind: 'refused', code: 'other-secret', detail });
    return this.channel === null
      ? refusal('other-channel', 'This node has no cluster secret to encrypt with.', 'websocket')
      : refusal('other-channel', 'This node takes peers of other hosts by encryption alone.', CHANNEL_TOKEN);
  }

  private admit(request: IncomingMessage, address: string, isNear: boolean): UnprovenCaller | null {
    const { socket } = request;
    const { limitMs, policy, refusals } = this.options;
    if (policy.isConfigured(address)) this.slots.proved(address);
    const slot = this.slots.take(address, isNear, () => socket.destroy());
    if (slot === null) {
      const detail = `${this.slots.taken} callers have yet to prove themselves`;
      refusals.logOnce('warn', 'peer-refused', address, 'crowded', detail);
      return null;
    }
    const endpoint = { address, port: socket.remotePort ?? 0 };
    const caller = new UnprovenCaller(endpoint, socket, limitMs * (isNear ? 1 : FAR_PATIENCE), slot, () => {
      this.callers.delete(caller);
    });
    this.callers.add(caller);
    return caller;
  }

  private encrypt(channel: SecureChannel, caller: UnprovenCaller, head: Buffer): void {
    const { endpoint, socket } = caller;
    caller.waitForGreeting(() => {
      this.options.refusals.greeting(endpoint.address, { kind: 'timeout' });
      socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.write(SWITCHING_TO_CHANNEL);
    const secured = channel.accept(socket, head);
    this.behindTls.set(secured, caller);
    secured.on('error', (error: Error) => {
      this.options.refusals.greeting(endpoint.address, channelFailure(error));
      socket.destroy();
    });
    secured.once('secure', () => {
      caller.knowsKey();
      this.inner.emit('connection', secured);
    });
    secured.once('close', () => socket.destroy());
  }

  private upgradeWithin(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const caller = this.behindTls.get(socket);
    if (caller === undefined || this.closing || !isPeerUpgrade(request)) socket.destroy();
    else this.greetOver(caller, request, socket, head, channelMaterial(socket as TLSSocket));
  }

  private greetOver(
    caller: UnprovenCaller,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    channel: Buffer | null,
  ): void {
    const { identity, keys } = this.options;
    this.webSockets.handleUpgrade(request, socket, head, (accepted) => {
      const party = { identity: identity(), key: keys?.greeting ?? null, channel };
      caller.greets();
      greet(accepted, new ListenerHandshake(party), caller.leftMs, (result) => {
        this.settle(caller, accepted, request.socket, result);
      });
    });
  }

  private settle(
    caller: UnprovenCaller,
    socket: WebSocket,
    connection: Socket,
    result: GreetingResult,
  ): void {
    const { endpoint } = caller;
    if (result.kind !== 'proven') {
      this.options.refusals.greeting(endpoint.address, result);
      return;
    }
    caller.end();
    this.slots.proved(endpoint.address);
    if (this.closing) socket.terminate();
    else this.options.onProven(endpoint, { ...result, socket, connection });
  }
}

function refusal(reason: UpgradeRefusal['reason'], detail: string, spoken = ''): UpgradeRefusal {
  return { reason, detail, spoken };
}

const LEAVING = refusal('leaving', 'This node is shutting down and takes no more peers.');
const STARTING = refusal('starting', 'This node has just begun to listen; ask again.');
const COMPARING = refusal('starting', 'This node looks whether both have the same store; ask again.');
const CROWDED = refusal('crowded', 'All places for peers are taken.');

function tokenOf(request: IncomingMessage): string {
  return (request.headers.upgrade ?? '').toLowerCase();
}

function channelFailure(error: Error): GreetingResult {
  if (tellsOtherKey(error)) {
    return { kind: 'refused', code: 'other-secret', detail: 'it did not prove the cluster secret' };
  }
  const code = (error as NodeJS.ErrnoException).code ?? error.name;
  return code.startsWith('ERR_SSL') ? { kind: 'junk', problem: `TLS: ${code}` } : { kind: 'closed' };
}
