// What this node knows of each bucket: where its clock stands, how much is in it, whether it can be
// reached. All of them are looked at in rounds: once a second, and quickly while somebody listens
// to changes. A look tidies what has ended and brings the changes since the last one. It is also
// what opens and closes the circuit: a bucket that failed for a second fails at once, until a look
// succeeds.
import { randomBytes } from 'node:crypto';
import { EngineAway } from '../../runtime/data-engine';
import type { Reply } from './wire-reader';
import { type Buckets, logEntries } from './buckets';
import { isFull } from './failures';
import { before, comparePlaces, type Place, placeText, readPlace } from './place';
import { CHANGE_ANSWER_BYTES, TAIL, TOLD_TOGETHER_MAX } from './scripts';
import type { Servers } from './servers';

const OPEN_AFTER_MS = 1000;
export const TIDIED_PER_LOOK = 200;
export const CHANGES_PER_LOOK = 512;
const SECOND_MS = 1000;
/** Of what a server says. */
const WORDS_MAX = 200;
/** That TAIL answers. */
const FIELDS = 10;
/** In front of the changes of an entry, and of each of them. */
const [COUNT_BYTES, LENGTH_BYTES] = [2, 2];
/** The bucket that has the id of the store: one place, wherever its slot is. */
export const ID_BUCKET = 0;
const ID_BYTES = 8;

export interface Entry {
  readonly bucket: number;
  readonly place: Place;
  readonly bytes: Buffer;
}

export interface Look {
  /** By the server's clock. */
  readonly serverMs: number;
  /** The same, but never before the last change: places do not go back when a clock does. */
  readonly streamMs: number;
  /** Of the last change. */
  readonly last: Place;
  readonly ended: number;
  /** Changes were asked for. */
  readonly isFollowing: boolean;
  readonly bornMs: number;
  /** Changes behind the place that was asked from are forgotten. */
  readonly isGone: boolean;
  /** Of all that the network keeps there; '' of buckets that do not have it. */
  readonly storeId: string;
  readonly entries: readonly Entry[];
}

export interface Tail {
  /** Server's clock minus this process's, at most; null until known. */
  offsetMs: number | null;
  bornMs: number;
  /** Of the last change, when it was looked at. */
  lastMs: number;
  keys: number;
  valueBytes: number;
  /** Changes behind this place are asked for; null = nobody listens. */
  cursor: Place | null;
  failingSinceMs: number | null;
  /** What the server answered to the last look at it, in place of what it was asked for. */
  refusal: string | null;
  /** Writes are refused, in the server's words, since this time; null = they are taken. */
  writeRefusal: { readonly words: string; readonly sinceMs: number } | null;
  /** Of the last write of this node. */
  written: Place | null;
}

export class Tails {
  private readonly all: readonly Tail[];
  private readonly logEntries: string;

  constructor(
    private readonly servers: Servers,
    private readonly buckets: Buckets,
    private readonly ttlMaxSeconds: number,
  ) {
    this.logEntries = String(logEntries(buckets.count));
    this.all = buckets.numbers().map(() => ({
      offsetMs: null,
      bornMs: 0,
      lastMs: 0,
      keys: 0,
      valueBytes: 0,
      cursor: null,
      failingSinceMs: performance.now() - OPEN_AFTER_MS,
      refusal: null,
      writeRefusal: null,
      written: null,
    }));
  }

  get count(): number {
    return this.all.length;
  }

  of(bucket: number): Tail {
    return this.all[bucket];
  }

  /** Nothing of the bucket can be read or written for the time being. */
  isOpen(bucket: number): boolean {
    const { failingSinceMs } = this.all[bucket];
    return failingSinceMs !== null && performance.now() - failingSinceMs >= OPEN_AFTER_MS;
  }

  openBuckets(): number[] {
    return this.all.flatMap((_, bucket) => (this.isOpen(bucket) ? [bucket] : []));
  }

  /** Its server refused a write: the next looks ask whether it takes them again. */
  refused(bucket: number, words: string): void {
    const sinceMs = this.all[bucket].writeRefusal?.sinceMs ?? performance.now();
    this.all[bucket].writeRefusal = { words: words.slice(0, WORDS_MAX), sinceMs };
  }

  /** Nothing of the bucket can be written for the time being; it can be read. */
  takesNoWrites(bucket: number): boolean {
    const { writeRefusal } = this.all[bucket];
    return writeRefusal !== null && performance.now() - writeRefusal.sinceMs >= OPEN_AFTER_MS;
  }

  readOnlyBuckets(): number[] {
    return this.all.flatMap((_, bucket) => (this.takesNoWrites(bucket) ? [bucket] : []));
  }

  /** Why the first of those that take none does so; null where all take writes. */
  writeProblem(): string | null {
    const first = this.readOnlyBuckets().at(0);
    if (first === undefined) return null;
    return `${this.servers.ownerOf(first)} takes no writes: ${this.all[first].writeRefusal?.words ?? ''}`;
  }

  sums(): { readonly keys: number; readonly valueBytes: number } {
    const sum = (field: 'keys' | 'valueBytes'): number =>
      this.all.reduce((total, tail) => total + tail[field], 0);
    return { keys: sum('keys'), valueBytes: sum('valueBytes') };
  }

  /** Why a bucket cannot be reached. */
  problemOf(bucket: number): string {
    const { refusal } = this.all[bucket];
    return refusal === null ? this.servers.problemOf(bucket) : `${this.servers.ownerOf(bucket)}: ${refusal}`;
  }

  /** By the server's clock, at least; 0 while it is not known. */
  serverNow(bucket: number): number {
    const { offsetMs } = this.all[bucket];
    return offsetMs === null ? 0 : performance.now() + offsetMs;
  }

  /** The time that the next change has at least; 0 while it is not known. */
  streamNow(bucket: number): number {
    const { lastMs, written } = this.all[bucket];
    const nowMs = Math.floor(this.serverNow(bucket));
    return nowMs === 0 ? 0 : Math.max(nowMs, lastMs, written?.ms ?? 0);
  }

  /**
   * On this process's clock; never before the server's, and no life is longer than it was meant.
   */
  deadlineMs(
    bucket: number,
    { deadlineServerMs, ttlMs }: { readonly deadlineServerMs: number; readonly ttlMs: number },
  ): number {
    const deadlineMs = deadlineServerMs - (this.all[bucket].offsetMs ?? 0);
    return Math.min(deadlineMs, performance.now() + ttlMs);
  }

  /** From now on changes are asked for. */
  follow(): void {
    this.all.forEach((tail, bucket) => {
      const start = before(this.streamNow(bucket));
      const isNewer = tail.written !== null && comparePlaces(tail.written, start) > 0;
      tail.cursor = isNewer ? tail.written : start;
    });
  }

  /** Whoever begins to listen now has nothing to hear of it. */
  wrote(bucket: number, place: Place): void {
    const { written } = this.all[bucket];
    if (written === null || comparePlaces(place, written) > 0) this.all[bucket].written = place;
  }

  /** Of all that this node wrote, by the clocks of the servers; 0 = nothing. */
  lastWrittenMs(): number {
    return Math.max(...this.all.map(({ written }) => written?.ms ?? 0));
  }

  unfollow(): void {
    for (const tail of this.all) tail.cursor = null;
  }

  /** Looks at each bucket once. Null for those that failed. */
  round(): Promise<(Look | null)[]> {
    return Promise.all(this.all.map((tail, bucket) => this.next(bucket, tail)));
  }

  /**
   * What changed behind a place, until it is enough.
   * @throws EngineAway, StoreBusy
   */
  async look(bucket: number, from: Place | null, enough: number, patienceMs?: number): Promise<Look> {
    const startedMs = performance.now();
    const { prefix } = this.buckets.keys(bucket);
    const place = from === null ? '' : placeText(from);
    const keptMs = 2 * this.ttlMaxSeconds * SECOND_MS;
    const counts = [String(enough), String(keptMs), this.logEntries];
    // A new one each time: what was made for one store must not be found in another.
    const newId = bucket === ID_BUCKET ? randomBytes(ID_BYTES).toString('hex') : '';
    const isTrying = this.all[bucket].writeRefusal !== null;
    const args = [prefix, String(TIDIED_PER_LOOK), place, ...counts, isTrying ? '1' : '0', newId];
    const answerBytes = (enough + TOLD_TOGETHER_MAX) * CHANGE_ANSWER_BYTES;
    const reply = await this.servers.runScript(bucket, TAIL, args, answerBytes, patienceMs);
    const fields = fieldsOf(reply);
    const [serverMs, bytes, bornMs] = [fields[0], fields[3], fields[4]].map((field) => Number(String(field)));
    this.setClock(this.all[bucket], serverMs, startedMs);
    this.all[bucket].keys = Number(fields[2]);
    this.all[bucket].valueBytes = bytes;
    const last = readPlace(fields[5] as Buffer);
    this.all[bucket].lastMs = last.ms;
    const words = String(fields[8]);
    if (words !== '' && !isFull(words)) this.refused(bucket, words);
    else if (isTrying) this.all[bucket].writeRefusal = null;
    return {
      serverMs,
      streamMs: Math.max(serverMs, last.ms),
      last,
      ended: Number(fields[1]),
      isFollowing: from !== null,
      bornMs,
      isGone: fields[6] === 1,
      storeId: String(fields[9]),
      entries: entriesOf(bucket, fields[7]),
    };
  }

  private async next(bucket: number, tail: Tail): Promise<Look | null> {
    const { cursor } = tail;
    try {
      const look = await this.look(bucket, cursor, CHANGES_PER_LOOK, 0);
      tail.failingSinceMs = null;
      return look;
    } catch (error) {
      if (isMoving(error)) tail.failingSinceMs = null;
      else tail.failingSinceMs ??= performance.now();
      tail.refusal = refusalOf(error);
      return null;
    }
  }

  /**
   * A time that the server told is not later than its time now. So of several the highest is
   * nearest, unless its clock was set back.
   */
  private setClock(tail: Tail, serverMs: number, startedMs: number): void {
    const least = serverMs - performance.now();
    const most = serverMs + 1 - startedMs;
    const isBeyond = tail.offsetMs === null || tail.offsetMs > most;
    tail.offsetMs = isBeyond ? least : Math.max(tail.offsetMs ?? least, least);
  }
}

/** @throws EngineAway where something else runs than the script */
function fieldsOf(reply: Reply): readonly Reply[] {
  if (Array.isArray(reply) && reply.length === FIELDS && Array.isArray(reply[7]))
    return reply as readonly Reply[];
  throw new EngineAway('the server answers scripts with something else than what they say');
}

/** Redis refuses in words, of which the first is the code: NOPERM, READONLY. */
function refusalOf(error: unknown): string | null {
  const isRefusal = error instanceof Error && /^[A-Z]{3,} |^the server answers /.test(error.message);
  return isRefusal ? error.message.slice(0, WORDS_MAX) : null;
}

/** Its slot is on the way to another server: it answers again when it has come. */
function isMoving(error: unknown): boolean {
  return error instanceof Error && /^TRYAGAIN|non local key/.test(error.message);
}

/** Those of an entry share its place; each is behind its length (scripts.ts). */
function entriesOf(bucket: number, reply: Reply): Entry[] {
  const all: Entry[] = [];
  for (const [id, [, told]] of reply as readonly (readonly [Buffer, readonly Buffer[]])[]) {
    const place = readPlace(id);
    for (let at = COUNT_BYTES; at < told.length;) {
      const end = at + LENGTH_BYTES + told.readUInt16BE(at);
      all.push({ bucket, place, bytes: told.subarray(at + LENGTH_BYTES, end) });
      at = end;
    }
  }
  return all;
}
