// Everything asked of the simulated nodes and everything they answered; the checkers judge by it.
import type { Metadata, PutOutcome, ReadRecord } from '../../../src/core/base/effects';
import type { RequestId, WriteLevel } from '../../../src/core/base/inputs';
import {
  compareVersions,
  formatVersion,
  HLC_TICKS_PER_MS,
  stampedAtMs,
  type Version,
} from '../../../src/core/base/version';
import { EPOCH_MS } from '../world/clock';
import type { SimNode } from '../world/sim-node';

/** A put or fetch in flight, or done. */
export interface Request {
  readonly node: SimNode;
  readonly requestId: RequestId;
  readonly askedAtMs: number;
  /** Time within which the node must settle it while it runs. */
  readonly boundMs: number;
  readonly pausedMsWhenAsked: number;
  settlements: number;
}

export interface Write extends Request {
  /** From 1, in the order of the run; stamped into the value. */
  readonly number: number;
  readonly key: string;
  readonly ttlMs: number;
  readonly valueBytes: number;
  readonly level: WriteLevel;
  outcome: PutOutcome | null;
  settledAtMs: number | null;
  version: Version | null;
  /** Its first stamp was further ahead than clocks may be apart. */
  isFromFuture: boolean;
  /** The stamp of what its node gave when it was asked; 0 = nothing. */
  replacedHlc: number;
  /** Hosts or nodes whose loss it must survive, as the coordinator said when it settled. */
  survives: { readonly nodes: number; readonly hosts: number };
}

export interface Fetch extends Request {
  readonly key: string;
  readonly minVersion: Version | null;
}

/** "There is nothing", said to a reader. */
export type Denial = Pick<Fetch, 'node' | 'key' | 'minVersion' | 'askedAtMs'>;

export interface Sighting {
  readonly node: SimNode;
  readonly key: string;
  readonly record: ReadRecord;
  readonly atMs: number;
  /** The write it came from; null when no such write was ever made. */
  readonly write: Write | null;
}

/** A reader was told of a version without its value. */
export interface Description {
  readonly node: SimNode;
  readonly key: string;
  readonly metadata: Metadata;
  /** The write it came from; null when it is not answered yet, or has got another stamp since. */
  readonly write: Write | null;
}

/** The writer was told that nothing was stored. */
export function wasRefused({ outcome }: Write): boolean {
  return outcome !== null && outcome.kind !== 'held' && outcome.kind !== 'stored';
}

const STAMP_BYTES = 4;
/** By this share of the offset nodes may be wrong in the age of a version. */
const AGE_ERROR_SHARE = 0.1;

export function keyBytes(key: string): Uint8Array {
  return Buffer.from(key, 'latin1');
}

/** A value that tells which write it came from; below 4 bytes it is empty and cannot. */
export function makeValue(number: number, bytes: number): Uint8Array {
  if (bytes < STAMP_BYTES) return new Uint8Array(0);
  const value = new Uint8Array(bytes).fill(number & 0xff);
  new DataView(value.buffer).setUint32(0, number);
  return value;
}

/** Writes of different keys may have one stamp, where a clock was set back. */
function nameOf(key: string, version: Version): string {
  return `${formatVersion(version)} ${key}`;
}

export class History {
  readonly writes: Write[] = [];
  readonly fetches: Fetch[] = [];
  readonly writesOfKey = new Map<string, Write[]>();
  private readonly byRequest = new Map<RequestId, Fetch | Write>();
  private readonly byVersion = new Map<string, Write>();
  private requestIds = 0;

  /** @param offsetMaxMs how far nodes take clocks to be apart */
  constructor(private readonly offsetMaxMs: number) {}

  addWrite(
    node: SimNode,
    plan: Pick<Write, 'key' | 'ttlMs' | 'valueBytes' | 'level'>,
    atMs: number,
    boundMs: number,
  ): Write {
    // Named one by one: spreading two objects into a third is slow, and a run makes thousands.
    const { requestId, pausedMsWhenAsked } = this.newRequest(node, atMs, boundMs);
    const write: Write = {
      node,
      requestId,
      askedAtMs: atMs,
      boundMs,
      pausedMsWhenAsked,
      settlements: 0,
      number: this.writes.length + 1,
      key: plan.key,
      ttlMs: plan.ttlMs,
      valueBytes: plan.valueBytes,
      level: plan.level,
      outcome: null,
      settledAtMs: null,
      version: null,
      isFromFuture: false,
      replacedHlc: 0,
      survives: { nodes: 0, hosts: 0 },
    };
    this.writes.push(write);
    this.byRequest.set(write.requestId, write);
    const ofKey = this.writesOfKey.get(write.key);
    if (ofKey === undefined) this.writesOfKey.set(write.key, [write]);
    else ofKey.push(write);
    return write;
  }

  addFetch(node: SimNode, plan: Pick<Fetch, 'key' | 'minVersion'>, atMs: number, boundMs: number): Fetch {
    const fetch = { ...plan, ...this.newRequest(node, atMs, boundMs) };
    this.fetches.push(fetch);
    this.byRequest.set(fetch.requestId, fetch);
    return fetch;
  }

  /** Notes the outcome of a put; null when nobody asked for it. */
  putSettled(requestId: RequestId, outcome: PutOutcome, atMs: number): Write | null {
    const write = this.byRequest.get(requestId);
    if (write === undefined || !('number' in write)) return null;
    write.settlements += 1;
    if (write.settlements > 1) return write;
    write.outcome = outcome;
    write.settledAtMs = atMs;
    if (outcome.kind === 'held' || outcome.kind === 'stored') {
      write.version = outcome.version;
      this.named(write, outcome.version);
    }
    return write;
  }

  /** A reader got it before its writer was answered, who may be gone. */
  seenUnanswered(write: Write, version: Version): void {
    this.named(write, version);
  }

  /** Notes that a fetch was settled; null when nobody asked. */
  fetchSettled(requestId: RequestId): Fetch | null {
    const fetch = this.byRequest.get(requestId);
    if (fetch === undefined || !('minVersion' in fetch)) return null;
    fetch.settlements += 1;
    return fetch;
  }

  /** The version of the last write of this key that was answered. */
  lastVersionOf(key: string): Version | null {
    const writes = this.writesOfKey.get(key) ?? [];
    for (let i = writes.length - 1; i >= 0; i -= 1) if (writes[i].version !== null) return writes[i].version;
    return null;
  }

  /**
   * Gives a write the stamp that its node has given it; null when it is over. Others may still know
   * it by the stamp before.
   */
  restamp(write: Write, version: Version | null): void {
    write.version = version;
    if (version !== null) this.byVersion.set(nameOf(write.key, version), write);
  }

  /** The write that was answered with this version. */
  answeredWith(key: string, version: Version): Write | null {
    return this.byVersion.get(nameOf(key, version)) ?? null;
  }

  /**
   * Whether nobody may give `version` after `before`: it is the older one by its stamp. Where that
   * of `before` is from the future, it must be older by the stamp given instead as well, and by
   * when the two were written. `write` is the one of `version`, where its value told it.
   */
  isOlder(
    key: string,
    version: Version,
    before: Version,
    write: Write | null = this.answeredWith(key, version),
  ): boolean {
    if (compareVersions(version, before) >= 0) return false;
    const writeBefore = this.answeredWith(key, before);
    if (writeBefore === null) return true;
    if (write === writeBefore) return false;
    if (this.aheadMs(writeBefore, before) <= this.offsetMaxMs) return true;
    // An empty value does not tell whose it is before its writer has been answered.
    if (write === null) return false;
    if (stampedAtMs(version) > this.trueStampMs(writeBefore)) return false;
    return write.askedAtMs < writeBefore.askedAtMs - this.offsetMaxMs * AGE_ERROR_SHARE;
  }

  /**
   * Whether this may be a version of that write. What was stamped in the future gets its true stamp
   * from whoever holds it when its writer is gone.
   */
  isVersionOf(version: Version, write: Write): boolean {
    if (write.version === null || this.answeredWith(write.key, version) === write) return true;
    return write.isFromFuture && Math.abs(this.aheadMs(write, version)) <= 2 * this.offsetMaxMs;
  }

  /** The last write of the same key that was asked of the same node, and not refused. */
  lastOf({ node, key }: Write): Write | undefined {
    const writes = this.writesOfKey.get(key) ?? [];
    return writes.filter((write) => write.node === node && !wasRefused(write)).at(-1);
  }

  /**
   * The write whose value this is; null when it is nobody's, or its bytes are not what was written.
   */
  writeOf(key: string, record: ReadRecord): Write | null {
    const { value } = record;
    if (value.byteLength < STAMP_BYTES) return this.answeredWith(key, record.version);
    const number = new DataView(value.buffer, value.byteOffset).getUint32(0);
    const write = this.writes[number - 1] as Write | undefined;
    if (write?.key !== key || write.valueBytes !== value.byteLength) return null;
    const middle = STAMP_BYTES + ((value.byteLength - STAMP_BYTES) >> 1);
    for (const i of [STAMP_BYTES, middle, value.byteLength - 1]) {
      if (i >= STAMP_BYTES && i < value.byteLength && value[i] !== (number & 0xff)) return null;
    }
    return write;
  }

  /** Of a write of the future: by the stamp that it was given instead, or will be. */
  private trueStampMs(write: Write): number {
    const { version, askedAtMs, replacedHlc, node } = write;
    if (version !== null && this.aheadMs(write, version) <= this.offsetMaxMs) return stampedAtMs(version);
    const writtenAtMs = EPOCH_MS + askedAtMs;
    const replacedMs = replacedHlc / HLC_TICKS_PER_MS;
    // Nobody else knows what it replaced.
    const isForgotten = node.state === 'gone' || replacedMs - writtenAtMs > this.offsetMaxMs;
    return isForgotten ? writtenAtMs : Math.max(writtenAtMs, replacedMs);
  }

  private named(write: Write, version: Version): void {
    write.isFromFuture ||= this.aheadMs(write, version) > this.offsetMaxMs;
    this.byVersion.set(nameOf(write.key, version), write);
  }

  private aheadMs({ askedAtMs }: Write, version: Version): number {
    return stampedAtMs(version) - (EPOCH_MS + askedAtMs);
  }

  private newRequest(node: SimNode, askedAtMs: number, boundMs: number): Request {
    this.requestIds += 1;
    const { pausedMs } = node;
    return {
      node,
      requestId: this.requestIds,
      askedAtMs,
      boundMs,
      pausedMsWhenAsked: pausedMs,
      settlements: 0,
    };
  }
}
