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
import type { Reply } from './wire-reader';
import type { Argument } from './wire-writer';
import { readVersion, writeFacts } from './envelope';
import { refusesWrites, StoreBusy, StoreFull } from './failures';
import { readPlace } from './place';
import type { Replicas } from './replicas';
import type { Servers } from './servers';
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

export type Outcome = PutOutcome | { readonly kind: 'unmet' };

interface Confirmed {
  /** Replicas that have the write, those that must, and servers that there are. */
  readonly confirmed: number;
  readonly needed: number;
  readonly expected: number;
}

/** What the script answers where nothing was written. */
const [UNMET, UNSTAMPED] = [0, 1];

export class Writes {
  private readonly origin: Buffer;
  private lastStamp = 0;

  constructor(private readonly parts: WritesParts) {
    this.origin = Buffer.from(parts.origin, 'hex');
  }

  put(write: Write): Promise<Outcome> {
    const stamp = this.stamp();
    if (stamp > STAMP_MAX) return Promise.resolve({ kind: 'unstamped' });
    const { servers, buckets, replicas, tails } = this.parts;
    const bucket = buckets.of(write.key);
    if (tails.isOpen(bucket) || tails.takesNoWrites(bucket))
      return Promise.resolve({ kind: 'away', isUndone: true });
    const expected = 1 + replicas.expectedOf(bucket);
    const needed = this.neededFor(write.level, expected);
    const asked = Math.min(needed, replicas.linked(bucket));
    const args = this.argsOf(stamp, write);
    const outcomeOf = (reply: Reply, confirmed: number): Outcome =>
      this.outcomeOf(bucket, stamp, reply, { confirmed, needed, expected });
    const refusalOf = (error: unknown): PutOutcome => this.refusal(bucket, error);
    if (asked === 0) return servers.write(bucket, args).then((reply) => outcomeOf(reply, 0), refusalOf);
    return servers
      .writeAndWait(bucket, args, asked)
      .then(({ reply, replicas: confirmed }) => outcomeOf(reply, confirmed), refusalOf);
  }

  /** As the script takes them. */
  private argsOf(stamp: number, { key, value, ttlMs, condition }: Write): Argument[] {
    const life = Math.max(1, Math.round(ttlMs));
    const facts = writeFacts(stamp, this.origin, value.length, life);
    return condition === '' ? [key, [facts, value]] : [key, [facts, value], condition];
  }

  private outcomeOf(
    bucket: number,
    stamp: number,
    reply: Reply,
    { confirmed, needed, expected }: Confirmed,
  ): Outcome {
    if (reply === UNMET) return { kind: 'unmet' };
    if (reply === UNSTAMPED) return { kind: 'unstamped' };
    const [raised, place] = Array.isArray(reply) ? (reply as readonly Buffer[]) : [null, reply as Buffer];
    if (place.length > 0) this.parts.tails.wrote(bucket, readPlace(place));
    const version = raised === null ? { hlc: stamp, origin: this.parts.origin } : readVersion(raised);
    const acks = 1 + confirmed;
    const shown = Math.max(expected, acks);
    const kind = confirmed >= needed ? 'held' : 'stored';
    return { kind, version, acks, expected: shown, hosts: acks, expectedHosts: shown };
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

  private refusal(bucket: number, error: unknown): PutOutcome {
    if (error instanceof EngineAway) {
      const { isUndone, message } = error;
      if (isUndone && refusesWrites(message)) this.parts.tails.refused(bucket, message);
      return { kind: 'away', isUndone };
    }
    if (error instanceof StoreBusy) return { kind: 'busy' };
    if (error instanceof StoreFull) return { kind: 'full', at: 'store', ...this.parts.replicas.memory() };
    throw error;
  }
}
