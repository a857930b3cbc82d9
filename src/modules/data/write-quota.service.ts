// What one client may occupy of what holds the values, this node or servers: REPRAM_CLIENT_QUOTA
// percent of its bytes times the longest TTL, and twice that share of its bytes at any moment. So
// neither a few writes fill it for a day, nor a steady stream for ever. All nodes hold or lead to
// everything, and a client may write to each. So each grants its part of the share. Reasons:
// docs/adr/0041-client-quota.md.
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Log } from '../../adapters/log';
import type { NodeSettings } from '../../config/settings';
import { type Charge, ClientQuota } from '../../http/client-quota';
import type { RequestHead } from '../../http/exchange';
import type { OccupancyLimits } from '../../http/occupancy';
import { type Writer, Writers } from '../../http/writers';
import type { DataEngine } from '../../runtime/data-engine';
import type { NodeView } from '../../runtime/node-view';
import { DATA_ENGINE, LOG, NODE_VIEW, SETTINGS } from '../../runtime/tokens';

/**
 * Shares that one client may occupy: of the bytes times the longest TTL, and of the bytes at any
 * moment.
 */
interface Shares {
  readonly byteSeconds: number;
  readonly bytes: number;
}

const OF_CLIENT: Shares = { byteSeconds: 1, bytes: 2 };
/**
 * Where every proxy is believed: for all hops that one socket names. A quarter stays for others (at
 * 25 percent).
 */
const OF_SOCKET: Shares = { byteSeconds: 3, bytes: 3 };

/** What one client may occupy here follows the number of nodes, not more often than this. */
const LIMITS_FRESH_SECONDS = 1;

export interface Granted {
  readonly kind: 'granted';
  /** For a write that was not stored. */
  refund(): void;
}

export interface Refused {
  readonly kind: 'refused';
  /** Null: this value is more than one client may ever occupy here for that long. */
  readonly retryAfterSeconds: number | null;
  /** A shorter life with which it would be taken now; null = none. */
  readonly fittingTtlSeconds: number | null;
  readonly limits: OccupancyLimits;
}

/** A write as far as it was understood before its value came. */
export interface AskedLife {
  readonly key: Uint8Array;
  readonly ttlSeconds: number;
}

/**
 * What clients have addresses of: the connection, hops that named proxies vouch for, or hops that
 * anybody may name.
 */
export type QuotaAddresses = 'socket' | 'named-proxies' | 'any-proxy';

/** For /status; the limits are those of one client on this node. */
export interface QuotaReport extends OccupancyLimits {
  readonly percent: number;
  readonly addresses: QuotaAddresses;
  readonly clients: number;
  readonly refused: number;
  readonly unnamedProxy: boolean;
}

const FREE: Granted = { kind: 'granted', refund: () => undefined };

@Injectable()
export class WriteQuotaService implements OnModuleInit {
  private readonly quota = new ClientQuota();
  private readonly writers: Writers;
  private readonly addresses: QuotaAddresses;
  private limitsOfClient: OccupancyLimits = { bytes: 0, byteSeconds: 0 };
  private limitsOfSocket: OccupancyLimits = { bytes: 0, byteSeconds: 0 };
  private halfOfClient = this.limitsOfClient;
  private halfOfSocket = this.limitsOfSocket;
  private limitsAtSeconds = -Infinity;
  private refused = 0;
  /**
   * Requests come through a proxy that REPRAM_TRUST_PROXY does not name. Its clients count as one
   * client, or are exempt if its address is.
   */
  private unnamedProxy = false;

  constructor(
    @Inject(SETTINGS) private readonly settings: NodeSettings,
    @Inject(DATA_ENGINE) private readonly engine: DataEngine,
    @Inject(NODE_VIEW) private readonly view: NodeView,
    @Inject(LOG) private readonly log: Log,
  ) {
    const { trustProxy, quotaExempt } = settings;
    this.writers = new Writers(trustProxy, quotaExempt);
    this.addresses = trustProxy === true ? 'any-proxy' : trustProxy === false ? 'socket' : 'named-proxies';
  }

  /** Told at the start, because what the addresses are worth decides what the quota is. */
  onModuleInit(): void {
    const { addresses, settings } = this;
    if (settings.clientQuotaPercent === 0) return;
    const exempt = settings.quotaExempt.join(',');
    this.log.info('client-quota', { percent: settings.clientQuotaPercent, addresses, exempt });
  }

  /**
   * Charges a write to its client, unless there is no room for it. What its key holds already is
   * looked up, and taken off, only where more than half of the share is in use. Before that no
   * write is refused, and the look costs more than all the rest.
   */
  take(request: RequestHead, asked: AskedLife, valueBytes: number): Granted | Refused {
    const writer = this.writerOf(request);
    if (writer === null) return FREE;
    const now = performance.now() / 1000;
    const whole = { bytes: this.bytesOf(asked, valueBytes), ttlSeconds: asked.ttlSeconds };
    if (this.isFarFromLimits(writer, whole, now)) return this.granted(writer, whole, now);
    const charge = this.growth(asked, whole.bytes);
    return this.refusal(writer, charge, now) ?? this.granted(writer, charge, now);
  }

  private granted(writer: Writer, charge: Charge, now: number): Granted {
    const { client, socket } = writer;
    this.quota.charge(client, charge, now);
    if (socket !== null) this.quota.charge(socket, charge, now);
    return {
      kind: 'granted',
      refund: () => {
        this.quota.refund(client, charge, now);
        if (socket !== null) this.quota.refund(socket, charge, now);
      },
    };
  }

  /** Why such a write would not be taken; null when it would. Nothing is charged. */
  look(request: RequestHead, asked: AskedLife, valueBytes: number): Refused | null {
    const writer = this.writerOf(request);
    if (writer === null) return null;
    const charge = this.growth(asked, this.bytesOf(asked, valueBytes));
    return this.refusal(writer, charge, performance.now() / 1000);
  }

  report(): QuotaReport {
    const { addresses, refused, unnamedProxy } = this;
    const percent = this.settings.clientQuotaPercent;
    this.refreshLimits(performance.now() / 1000);
    return { percent, addresses, ...this.limitsOfClient, clients: this.quota.size, refused, unnamedProxy };
  }

  private writerOf({ headers, socket }: RequestHead): Writer | null {
    if (this.settings.clientQuotaPercent === 0) return null;
    const forwardedFor = headers['x-forwarded-for'];
    if (!this.unnamedProxy && forwardedFor !== undefined) this.lookAtProxy(socket.remoteAddress ?? '');
    return this.writers.of(socket, forwardedFor);
  }

  private lookAtProxy(address: string): void {
    if (this.writers.trusts(address)) return;
    this.unnamedProxy = true;
    this.log.warn('proxy-not-named', { address });
  }

  /** What a write adds to the bytes times life that its key has here already. */
  private growth({ key, ttlSeconds }: AskedLife, bytes: number): Charge {
    const held = this.engine.peek(key);
    if (held === null) return { bytes, ttlSeconds };
    const heldBytes = this.engine.chargedBytes(key.length, held.value.length);
    const kept = (heldBytes * this.engine.remainingMs(held)) / 1000 / ttlSeconds;
    return { bytes: Math.max(0, bytes - kept), ttlSeconds };
  }

  /** What a write takes of the store. */
  private bytesOf({ key }: AskedLife, valueBytes: number): number {
    return this.engine.chargedBytes(key.length, valueBytes);
  }

  private isFarFromLimits({ client, socket }: Writer, charge: Charge, now: number): boolean {
    this.refreshLimits(now);
    return (
      fits(this.quota.used(client, now), charge, this.halfOfClient) &&
      (socket === null || fits(this.quota.used(socket, now), charge, this.halfOfSocket))
    );
  }

  private refusal(writer: Writer, charge: Charge, now: number): Refused | null {
    this.refreshLimits(now);
    const wait = this.waitSeconds(writer, charge, now);
    if (wait === 0) return null;
    this.refused += 1;
    const limits = this.limitsOfClient;
    const retryAfterSeconds = wait === null ? null : Math.ceil(wait);
    const fittingTtlSeconds = this.fittingTtl(writer, charge, now);
    return { kind: 'refused', retryAfterSeconds, fittingTtlSeconds, limits };
  }

  private waitSeconds({ client, socket }: Writer, charge: Charge, now: number): number | null {
    const own = this.quota.waitSeconds(client, charge, this.limitsOfClient, now);
    if (socket === null || own === null) return own;
    const shared = this.quota.waitSeconds(socket, charge, this.limitsOfSocket, now);
    return shared === null ? null : Math.max(own, shared);
  }

  private fittingTtl(writer: Writer, { bytes, ttlSeconds }: Charge, now: number): number | null {
    const room = this.limitsOfClient.byteSeconds - this.quota.used(writer.client, now).byteSeconds;
    const shorter = Math.min(ttlSeconds, Math.floor(room / bytes));
    if (shorter < this.settings.ttlMinSeconds) return null;
    return this.waitSeconds(writer, { bytes, ttlSeconds: shorter }, now) === 0 ? shorter : null;
  }

  private refreshLimits(now: number): void {
    if (now - this.limitsAtSeconds < LIMITS_FRESH_SECONDS) return;
    const nodes = this.view.report().membership.alive + 1;
    this.limitsOfClient = this.limits(OF_CLIENT, nodes);
    this.limitsOfSocket = this.limits(OF_SOCKET, nodes);
    this.halfOfClient = half(this.limitsOfClient);
    this.halfOfSocket = half(this.limitsOfSocket);
    this.limitsAtSeconds = now;
  }

  private limits(shares: Shares, nodes: number): OccupancyLimits {
    const { ttlMaxSeconds, valueBytesMax, keyBytesMax, clientQuotaPercent } = this.settings;
    // Of the servers, where they hold the values. Until they are reached, what a node could hold.
    const storageBytes = this.engine.stats().limitBytes || this.settings.storageBytesMax;
    const part = (share: number): number => {
      return (storageBytes * Math.min(1, (clientQuotaPercent / 100) * share)) / nodes;
    };
    // One largest value is possible, for a shorter time at least, where others keep their part.
    const largestBytes = this.engine.chargedBytes(keyBytesMax, valueBytesMax);
    return {
      bytes: Math.floor(Math.max(part(shares.bytes), Math.min(largestBytes, part(OF_SOCKET.bytes)))),
      byteSeconds: Math.floor(part(shares.byteSeconds) * ttlMaxSeconds),
    };
  }
}

function half({ bytes, byteSeconds }: OccupancyLimits): OccupancyLimits {
  return { bytes: bytes / 2, byteSeconds: byteSeconds / 2 };
}

function fits(used: OccupancyLimits, { bytes, ttlSeconds }: Charge, limits: OccupancyLimits): boolean {
  return used.bytes + bytes <= limits.bytes && used.byteSeconds + bytes * ttlSeconds <= limits.byteSeconds;
}
