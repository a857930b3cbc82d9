// Writes values: stamped here, put in order by the script, confirmed by as many replicas as the
// level asks for. A write that may or may not have been done is no success, and is not tried again.
import {
  EngineAway,
  HLC_TICKS_PER_MS,
  type PutOutcome,
  STAMP_MAX,
  type WriteLevel,
} from '../../runtime/data-engine';
import type { Buckets } from './buckets';
import type { Reply } from './connection';
import { readVersion } from './envelope';
import { StoreBusy } from './failures';
import { readPlace } from './place';
import type { Replicas } from './replicas';
import { WRITE } from './scripts';
import { type Servers, StoreFull } from './servers';
import type { Tails } from './tails';

export interface WritesParts {
  readonly servers: Servers;
  readonly buckets: Buckets;
  readonly tails: Tails;
  readonly replicas: Replicas;
  readonly origin: string;
  readonly replicationFactor: number;
}

export interface Write {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly ttlMs: number;
  readonly level: WriteLevel;
  /** '' = none, '-' = nothing may be there, else the version that must be. */
  readonly condition: Buffer | string;
}

export class Writes {
  private readonly origin: Buffer;
  private lastStamp = 0;

  constructor(private readonly parts: WritesParts) {
    this.origin = Buffer.from(parts.origin, 'hex');
  }

  async put(write: Write): Promise<PutOutcome | { readonly kind: 'unmet' }> {
    const stamp = this.stamp();
    if (stamp > STAMP_MAX) return { kind: 'unstamped' };
    const bucket = this.parts.buckets.of(write.key);
    if (this.parts.tails.isOpen(bucket)) return { kind: 'away' };
    try {
      return await this.written(bucket, stamp, write);
    } catch (error) {
      return this.refusal(error);
    }
  }

  private async written(
    bucket: number,
    stamp: number,
    { key, value, ttlMs, level, condition }: Write,
  ): Promise<PutOutcome | { readonly kind: 'unmet' }> {
    const { servers, buckets, replicas } = this.parts;
    const { prefix } = buckets.keys(bucket);
    const ttl = String(Math.max(1, Math.round(ttlMs)));
    const args = [prefix, bufferOf(key), String(stamp), this.origin, ttl, bufferOf(value), condition];
    const expected = 1 + replicas.expectedOf(bucket);
    const needed = this.neededFor(level, expected);
    const asked = Math.min(needed, replicas.linked(bucket));
    const { reply, replicas: confirmed } =
      asked > 0
        ? await servers.runAndWait(bucket, WRITE, args, asked)
        : { reply: await servers.runScript(bucket, WRITE, args), replicas: 0 };
    const [outcome, version, id] = reply as readonly Reply[];
    switch (String(outcome)) {
      case 'unmet':
        return { kind: 'unmet' };
      case 'unstamped':
        return { kind: 'unstamped' };
      default: {
        if (Buffer.isBuffer(id) && id.length > 0) this.parts.tails.wrote(bucket, readPlace(id.toString()));
        const acks = 1 + confirmed;
        const kind = confirmed >= needed ? 'held' : 'stored';
        const shown = Math.max(expected, acks);
        return {
          kind,
          version: readVersion(version as Buffer),
          acks,
          expected: shown,
          hosts: acks,
          expectedHosts: shown,
        };
      }
    }
  }

  /** Replicas that must confirm. */
  private neededFor(level: WriteLevel, expected: number): number {
    switch (level) {
      case 'one':
        return 0;
      case 'quorum':
        return Math.floor(Math.min(this.parts.replicationFactor, expected) / 2);
      case 'all':
        return expected - 1;
    }
  }

  /** Above all that this node has stamped. The script raises it above what is there. */
  private stamp(): number {
    this.lastStamp = Math.max(this.lastStamp + 1, Date.now() * HLC_TICKS_PER_MS);
    return this.lastStamp;
  }

  private refusal(error: unknown): PutOutcome {
    if (error instanceof EngineAway) return { kind: 'away' };
    if (error instanceof StoreBusy) return { kind: 'busy' };
    if (error instanceof StoreFull) return { kind: 'full', at: 'store', ...this.parts.replicas.memory() };
    throw error;
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
