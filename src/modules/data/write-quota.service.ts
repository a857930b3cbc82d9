// What one client may occupy of what holds the values, this node or servers: REPRAM_CLIENT_QUOTA
// percent of its bytes times the longest TTL, and twice that share of its bytes at any moment. So
// neither a few writes fill it for a day, nor a steady stream for ever. All nodes hold or lead to
// everything, and a client may write to each. So each grants its part of the share. Reasons:
// docs/adr/0041-client-quota.md.
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Log } from '../../adapters/log';
import type { NodeSettings } from '../../config/settings';
import { ClientQuota } from '../../http/client-quota';
import type { RequestHead } from '../../http/exchange';
import type { ChargedWrite, OccupancyLimits, Undo } from '../../http/occupancy';
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

  /** Charges a write to its client, unless there is no room for it. */
  take(request: RequestHead, asked: AskedLife, valueBytes: number): Granted | Refused {
    const writer = this.writerOf(request);
    if (writer === null) return FREE;
    const now = performance.now() / 1000;
    const write = this.chargedWrite(asked, valueBytes);
    return this.refusal(writer, write, now) ?? { kind: 'granted', refund: this.charge(writer, write, now) };
  }

  private charge({ client, socket }: Writer, write: ChargedWrite, now: number): Undo {
    const undo = this.quota.charge(client, write, now);
    if (socket === null) return undo;
    const undoSocket = this.quota.charge(socket, write, now);
    return () => {
      undo();
      undoSocket();
    };
  }

  /** Why such a write would not be taken; null when it would. Nothing is charged. */
  look(request: RequestHead, asked: AskedLife, valueBytes: number): Refused | null {
    const writer = this.writerOf(request);
    if (writer === null) return null;
    return this.refusal(writer, this.chargedWrite(asked, valueBytes), performance.now() / 1000);
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

  /** What a write takes of the store, and what its key has here already. */
  private chargedWrite({ key, ttlSeconds }: AskedLife, valueBytes: number): ChargedWrite {
    const { engine } = this;
    const bytes = engine.chargedBytes(key.length, valueBytes);
    const held = engine.peek(key);
    if (held === null) return { bytes, ttlSeconds, replaced: null };
    const heldBytes = engine.chargedBytes(key.length, held.value.length);
    const replaced = { bytes: heldBytes, ttlSeconds: engine.remainingMs(held) / 1000 };
    return { bytes, ttlSeconds, replaced };
  }

  private refusal(writer: Writer, write: ChargedWrite, now: number): Refused | null {
    this.refreshLimits(now);
    const wait = this.waitSeconds(writer, write, now);
    if (wait === 0) return null;
    this.refused += 1;
    const limits = this.limitsOfClient;
    const retryAfterSeconds = wait === null ? null : Math.ceil(wait);
    const fittingTtlSeconds = this.fittingTtl(writer, write, now);
    return { kind: 'refused', retryAfterSeconds, fittingTtlSeconds, limits };
  }

  private waitSeconds({ client, socket }: Writer, write: ChargedWrite, now: number): number | null {
    const own = this.quota.waitSeconds(client, write, this.limitsOfClient, now);
    if (socket === null || own === null) return own;
    const shared = this.quota.waitSeconds(socket, write, this.limitsOfSocket, now);
    return shared === null ? null : Math.max(own, shared);
  }

  private fittingTtl(writer: Writer, write: ChargedWrite, now: number): number | null {
    const { bytes, ttlSeconds, replaced } = write;
    const given = replaced === null ? 0 : replaced.bytes * replaced.ttlSeconds;
    const used = this.quota.used(writer.client, now).byteSeconds;
    const room = this.limitsOfClient.byteSeconds - Math.max(0, used - given);
    const shorter = Math.min(ttlSeconds, Math.floor(room / bytes));
    if (shorter < this.settings.ttlMinSeconds) return null;
    return this.waitSeconds(writer, { ...write, ttlSeconds: shorter }, now) === 0 ? shorter : null;
  }

  private refreshLimits(now: number): void {
    if (now - this.limitsAtSeconds < LIMITS_FRESH_SECONDS) return;
    const nodes = this.view.report().membership.alive + 1;
    this.limitsOfClient = this.limits(OF_CLIENT, nodes);
    this.limitsOfSocket = this.limits(OF_SOCKET, nodes);
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
