// All links of one node: accepts upgrades on /gossip, dials, greets, and turns what sockets do into
// inputs of the core. Invariants: `deliver` is never called within a method of this class, so
// performing an effect cannot reenter the core. Every link-up is followed by exactly one link-down,
// and every dial by one link-up or dial-failed.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { endpointKey, type Endpoint, type SelfIdentity } from '../core/base/identity';
import type { CloseReason } from '../core/base/effects';
import type { Input, LinkId } from '../core/base/inputs';
import { LIMITS } from '../core/base/limits';
import type { ClusterKeys } from './cluster-keys';
import { FrameTurns } from './frame-turns';
import type { Log } from './log';
import { PeerDial, type DialResult } from './peer-dial';
import { PeerDoor } from './peer-door';
import { PeerLink } from './peer-link';
import { PeerPolicy } from './peer-policy';
import { OTHER_STORE, SameStore } from './same-store';
import { PeerRefusals, type RefusalCounts } from './peer-refusals';
import type { Proven } from './peer-socket';
import type { SlotLimits } from './unproven-slots';
import { type RefuseUpgrade, refuseUpgrade } from './upgrade-refusal';

export interface PeerLinksOptions {
  /** Asked at each greeting: the ports are known only after the claim. */
  readonly identity: () => SelfIdentity;
  /** Stretched from the cluster secret; null where there is none. */
  readonly keys: ClusterKeys | null;
  /** Addresses and CIDR ranges that may be peers without a secret, beside private ones. */
  readonly allow: readonly string[];
  /**
   * Addresses and names of configured sources, always allowed. An inbound caller is compared by
   * address only.
   */
  readonly configuredHosts: () => Iterable<string>;
  readonly deliver: (input: Input) => void;
  readonly log: Log;
  /** Not this node but servers hold its values (false). */
  readonly valuesInServers?: boolean;
  /**
   * Milliseconds a greeting, or a dial with its greeting, may take on this host (2000), and a fifth
   * of what it may take between hosts.
   */
  readonly greetingLimitMs?: number;
  /** Milliseconds, for what frames take, and since when two nodes seem to have two stores. */
  readonly nowMs?: () => number;
  /** Inbound sockets that have proven nothing yet; more are refused. */
  readonly unproven?: SlotLimits;
}

export interface PeerLinkCounters extends RefusalCounts {
  /** Links open now; the others count since the start. */
  readonly links: number;
}

/**
 * Links beyond which no caller is let in: four times the members of the largest cluster, so that
 * each may be replaced.
 */
const LINKS_MAX = 4 * LIMITS.members;

export class PeerLinks {
  /** Called whenever a caller that names our cluster is refused for its address alone. */
  onStranger: () => void = () => undefined;
  /** Tells a caller that it does not become a peer. */
  refuse: RefuseUpgrade = refuseUpgrade;
  private readonly policy: PeerPolicy;
  private readonly refusals: PeerRefusals;
  private readonly door: PeerDoor;
  private readonly links = new Map<LinkId, PeerLink>();
  private readonly turns: FrameTurns;
  private readonly store: SameStore;
  private readonly dials = new Map<string, PeerDial>();
  private readonly greetingLimitMs: number;
  private lastLinkId = 0;
  private closing = false;
  private readonly onAllDown: (() => void)[] = [];

  constructor(private readonly options: PeerLinksOptions) {
    const {
      keys,
      allow,
      configuredHosts,
      identity,
      unproven: slots,
      greetingLimitMs: limitMs = 2000,
    } = options;
    this.policy = new PeerPolicy({ secret: keys !== null, allow, configuredHosts });
    this.greetingLimitMs = limitMs;
    this.turns = new FrameTurns(options.nowMs);
    this.store = new SameStore(options.nowMs);
    this.refusals = new PeerRefusals(options.log);
    this.door = new PeerDoor({
      identity,
      keys,
      policy: this.policy,
      valuesInServers: options.valuesInServers ?? false,
      store: this.store,
      refusals: this.refusals,
      limitMs,
      slots,
      crowd: () => (this.links.size < LINKS_MAX ? null : `${this.links.size} links`),
      refuse: (socket, refusal) => this.refuse(socket, refusal),
      onStranger: () => this.onStranger(),
      onProven: (endpoint, proven) => this.addLink('inbound', endpoint, proven),
    });
  }

  /** For the `upgrade` event of the HTTP server, when `isPeerUpgrade` holds. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.door.handleUpgrade(request, socket, head);
  }

  /** Whether this address may be asked and dialled at all. */
  mayDial(address: string): boolean {
    return this.policy.mayDial(address);
  }

  /**
   * Answered by one input. A call for an endpoint that is being dialled already shares that dial's
   * answer.
   */
  dial(endpoint: Endpoint): void {
    const key = endpointKey(endpoint);
    if (this.dials.has(key)) return;
    if (this.closing) {
      setImmediate(() => this.options.deliver({ kind: 'dial-failed', endpoint, failure: 'failed' }));
      return;
    }
    const { identity, keys } = this.options;
    const { policy, greetingLimitMs: limitMs } = this;
    const { valuesInServers = false } = this.options;
    const { ownId: storeId } = this.store;
    const dialOptions = { identity: identity(), keys, policy, valuesInServers, storeId, limitMs };
    const dial = new PeerDial(endpoint, dialOptions, (result) => {
      this.dials.delete(key);
      this.settleDial(endpoint, result);
    });
    this.dials.set(key, dial);
  }

  /**
   * Queues a frame of at most LIMITS.frameBytesMax bytes, which ends with those of `shared`. One
   * for a link that is closing or gone is dropped.
   */
  send(linkId: LinkId, frame: Uint8Array, shared?: Uint8Array): void {
    this.links.get(linkId)?.send(frame, shared);
  }

  /** What was sent leaves now, and not at the end of the turn. */
  flush(): void {
    for (const link of this.links.values()) link.flush();
  }

  /** What was sent before still goes out, and what arrives is delivered, for a second at most. */
  close(linkId: LinkId, reason: CloseReason): void {
    this.links.get(linkId)?.close(reason);
  }

  /**
   * What the servers that hold the values of this node say: the id of the store, null while it
   * cannot be read. Peers are told of another one than before. Links to those that have another
   * store are closed, once both ends had time to read theirs again.
   */
  storeRead(id: string | null, askedAtMs: number): void {
    const isNew = this.store.read(id, askedAtMs);
    for (const link of this.links.values()) {
      if (isNew) link.tellStore(id);
      if (this.store.compare(link.storeId) !== 'other' || !link.leave('other-store')) continue;
      this.refusals.logOnce('warn', 'peer-refused', link.address, 'other-store', OTHER_STORE);
    }
  }

  /**
   * Closes every link with the reason `leaving` and refuses new ones. Resolves when all are down,
   * within a second.
   */
  shutdown(): Promise<void> {
    this.closing = true;
    for (const dial of this.dials.values()) dial.abort();
    this.door.close();
    for (const link of this.links.values()) link.close('leaving');
    if (this.links.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.onAllDown.push(resolve));
  }

  counters(): PeerLinkCounters {
    return { ...this.refusals.counts, links: this.links.size };
  }

  private settleDial(endpoint: Endpoint, result: DialResult): void {
    if (result.kind === 'linked' && !this.closing) {
      this.door.proved(result.connection.remoteAddress ?? '');
      this.addLink('outbound', endpoint, result);
      return;
    }
    if (result.kind === 'linked') result.socket.terminate();
    else if (result.greeting !== null) this.refusals.greeting(endpointKey(endpoint), result.greeting);
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
    const events = {
      frame: (bytes: Uint8Array, isLent: boolean) => deliver({ kind: 'frame', linkId, bytes, isLent }),
      flushed: (bytes: number) => deliver({ kind: 'link-flushed', linkId, bytes }),
      invalid: (problem: string) => {
        this.refusals.count('invalidFrames');
        this.refusals.logOnce('warn', 'link-invalid', endpoint.address, 'invalid-frame', problem);
      },
      down: () => this.removeLink(linkId),
    };
    const isDialer = direction === 'outbound';
    const link = new PeerLink({ socket, connection, seal, isDialer }, events, this.turns);
    this.links.set(linkId, link);
    if (this.store.ownId !== null) link.tellStore(this.store.ownId);
    deliver({ kind: 'link-up', linkId, direction, identity, endpoint });
  }

  private removeLink(linkId: LinkId): void {
    this.links.delete(linkId);
    this.options.deliver({ kind: 'link-down', linkId });
    if (this.closing && this.links.size === 0) {
      for (const resolve of this.onAllDown.splice(0)) resolve();
    }
  }
}
