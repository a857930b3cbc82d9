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
  /** Of values on their way to servers. */
  readonly writeBytesMax: number;
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

interface Written {
  readonly stamp: number;
  readonly reply: Reply;
  /** Replicas that have it, and servers that there are. */
  readonly confirmed: number;
  readonly expected: number;
}

/** What the script answers where nothing was written. */
const [UNMET, UNSTAMPED] = [0, 1];

export class Writes {
  private readonly origin: Buffer;
  private lastStamp = 0;
  /** Of values that are on their way. */
  private bytes = 0;

  constructor(private readonly parts: WritesParts) {
    this.origin = Buffer.from(parts.origin, 'hex');
  }

  put(write: Write): Promise<Outcome> {
    const { buckets, replicas, tails } = this.parts;
    const bucket = buckets.of(write.key);
    if (tails.isOpen(bucket) || tails.takesNoWrites(bucket))
      return Promise.resolve({ kind: 'away', isUndone: true });
    const expected = replicas.expectedOf(bucket);
    if (expected === null && write.level !== 'one') return this.whenCounted(bucket, write);
    return this.send(bucket, write, 1 + (expected ?? 0));
  }

  /** Nobody knows how many replicas the level stands for. */
  private async whenCounted(bucket: number, write: Write): Promise<Outcome> {
    const expected = await this.learned(bucket);
    return expected === null ? { kind: 'away', isUndone: true } : this.send(bucket, write, expected);
  }

  private async learned(bucket: number): Promise<number | null> {
    const { replicas } = this.parts;
    await replicas.learn(bucket);
    const expected = replicas.expectedOf(bucket);
    return expected === null ? null : 1 + expected;
  }

  /**
   * A value that is larger than all there may be goes alone.
   * @param expected servers that there are
   */
  private send(bucket: number, write: Write, expected: number): Promise<Outcome> {
    const { servers, replicas } = this.parts;
    const { length } = write.value;
    if (this.bytes > 0 && this.bytes + length > this.parts.writeBytesMax)
      return Promise.resolve({ kind: 'busy' });
    const stamp = this.stamp();
    if (stamp > STAMP_MAX) return Promise.resolve({ kind: 'unstamped' });
    const needed = this.neededFor(write.level, expected);
    const asked = Math.min(needed, replicas.linked(bucket));
    const args = this.argsOf(stamp, write);
    this.bytes += length;
    const done = (reply: Reply, confirmed: number): Outcome | Promise<Outcome> => {
      this.bytes -= length;
      return this.judged(bucket, write.level, { stamp, reply, confirmed, expected });
    };
    const refusalOf = (error: unknown): PutOutcome => {
      this.bytes -= length;
      return this.refusal(bucket, error);
    };
    if (asked === 0) return servers.write(bucket, args).then((reply) => done(reply, 0), refusalOf);
    return servers
      .writeAndWait(bucket, args, asked)
      .then(({ reply, replicas: confirmed }) => done(reply, confirmed), refusalOf);
  }

  /** By the replicas of the primary that did it: the bucket may have come to another one. */
  private judged(bucket: number, level: WriteLevel, written: Written): Outcome | Promise<Outcome> {
    const outcomeOf = (expected: number | null): Outcome => {
      const least = Math.max(written.expected, expected ?? 0);
      const isHeld = expected !== null && written.confirmed >= this.neededFor(level, least);
      return this.outcomeOf(bucket, { ...written, expected: least }, isHeld);
    };
    if (level === 'one') return outcomeOf(written.expected);
    const expected = this.parts.replicas.expectedOf(bucket);
    return expected === null ? this.learned(bucket).then(outcomeOf) : outcomeOf(1 + expected);
  }

  /** As the script takes them. */
  private argsOf(stamp: number, { key, value, ttlMs, condition }: Write): Argument[] {
    const life = Math.max(1, Math.round(ttlMs));
    const facts = writeFacts(stamp, this.origin, value.length, life);
    return condition === '' ? [key, [facts, value]] : [key, [facts, value], condition];
  }

  private outcomeOf(
    bucket: number,
    { stamp, reply, confirmed, expected }: Written,
    isHeld: boolean,
  ): Outcome {
    if (reply === UNMET) return { kind: 'unmet' };
    if (reply === UNSTAMPED) return { kind: 'unstamped' };
    const [raised, place] = Array.isArray(reply) ? (reply as readonly Buffer[]) : [null, reply as Buffer];
    if (place.length > 0) this.parts.tails.wrote(bucket, readPlace(place));
    const version = raised === null ? { hlc: stamp, origin: this.parts.origin } : readVersion(raised);
    const acks = 1 + confirmed;
    const shown = Math.max(expected, acks);
    const kind = isHeld ? 'held' : 'stored';
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
