// Reads values and what is known of them, by key.
import type {
  Client,
  Described,
  EngineChange,
  Fetched,
  Metadata,
  PutChange,
  ReadRecord,
  Version,
} from '../../runtime/data-engine';
import { compareVersions, EngineAway } from '../../runtime/data-engine';
import type { Buckets } from './buckets';
import type { Reply } from './wire-reader';
import type { Argument } from './wire-writer';
import {
  HEADER_BYTES,
  type LoggedChange,
  metadataOf,
  readChange,
  readFacts,
  recordOf,
  type StoredFacts,
} from './envelope';
import { StoreBusy } from './failures';
import type { LargeReads } from './large-reads';
import type { Servers } from './servers';
import type { Entry } from './entries';
import type { Tails } from './tails';

/** Of the longest value that is brought with a change. */
const CHANGE_BYTES_MAX = 4096;
/** As much as REPRAM_MAX_VALUE_BYTES may be anywhere. */
const VALUE_BYTES_MAX = 33_554_432;
/** A value that is longer whenever it is asked for. */
const LARGE_ATTEMPTS_MAX = 8;
/** Up to this a value comes with one command, and takes no turn. */
const SMALL_BYTES_MAX = 16_384;
const NOTHING = Buffer.alloc(0);

export class Reads {
  constructor(
    private readonly servers: Servers,
    private readonly buckets: Buckets,
    private readonly tails: Tails,
    private readonly turns: LargeReads,
  ) {}

  /** Small values take two promises, which is a good part of what they cost here. */
  get(key: Uint8Array, minVersion?: Version, client?: Client): Promise<Fetched> {
    const bucket = this.buckets.of(key);
    if (this.tails.isOpen(bucket)) return Promise.resolve('away');
    return this.reply(bucket, this.buckets.valueKey(bucket, key), HEADER_BYTES + SMALL_BYTES_MAX).then(
      (reply) => {
        const stored = storedOf(reply);
        const facts = readFacts(stored);
        if (facts !== null && HEADER_BYTES + facts.valueBytes > stored.length)
          return this.getLarge(key, bucket, stored, { minVersion, client });
        return this.fetched(bucket, stored, facts, minVersion);
      },
      reasonOf,
    );
  }

  async describe(key: Uint8Array, minVersion?: Version): Promise<Described> {
    try {
      const found = await this.metadata(key);
      return isEnough(found, minVersion) ? found : null;
    } catch (error) {
      return reasonOf(error);
    }
  }

  /** What is there now; null = nothing. @throws EngineAway, StoreBusy */
  async facts(key: Uint8Array): Promise<StoredFacts | null> {
    const bucket = this.reachable(key);
    return readFacts(await this.first(bucket, this.buckets.valueKey(bucket, key), HEADER_BYTES));
  }

  /** Changes as listeners are told of them, values up to so many bytes with them. */
  async changesOf(entries: readonly Entry[], valueBytesMax = CHANGE_BYTES_MAX): Promise<EngineChange[]> {
    return Promise.all(
      entries.map(({ bucket, bytes }) => this.changeOf(bucket, readChange(bytes), valueBytesMax)),
    );
  }

  /** All that is readable of these keys. @throws EngineAway, StoreBusy */
  async puts(keys: readonly string[], valueBytesMax: number): Promise<EngineChange[]> {
    const found = await Promise.all(keys.map((key) => this.put(key, valueBytesMax)));
    return found.flatMap((change) => change ?? []);
  }

  private async put(key: string, valueBytesMax: number): Promise<PutChange | null> {
    const bytes = Buffer.from(key);
    const metadata = await this.metadata(bytes);
    if (metadata === null) return null;
    const { version, ttlMs, deadlineMs, valueBytes } = metadata;
    const value = valueBytes <= valueBytesMax ? await this.valueOf(bytes, version) : null;
    return { kind: 'put', key, version, ttlMs, deadlineMs, valueBytes, value };
  }

  private async changeOf(bucket: number, change: LoggedChange, valueBytesMax: number): Promise<EngineChange> {
    const { key, version } = change;
    const text = key.toString();
    if (change.kind === 'expire') return { kind: 'expire', key: text, version };
    const { ttlMs, valueBytes } = change;
    const deadlineMs = this.tails.deadlineMs(bucket, change);
    const value = valueBytes <= valueBytesMax ? await this.valueOf(key, version) : null;
    return { kind: 'put', key: text, version, ttlMs, deadlineMs, valueBytes, value };
  }

  /** Null where it is not that version any more, or out of reach. */
  private async valueOf(key: Uint8Array, version: Version): Promise<Uint8Array | null> {
    const found = await this.get(key);
    if (found === null || typeof found === 'string') return null;
    return compareVersions(found.version, version) === 0 ? found.value : null;
  }

  private fetched(
    bucket: number,
    stored: Buffer,
    facts: StoredFacts | null,
    minVersion: Version | undefined,
  ): ReadRecord | null {
    const deadlineMs = this.deadlineOf(bucket, facts);
    if (facts === null || deadlineMs === null) return null;
    const found = recordOf(facts, stored, deadlineMs);
    return isEnough(found, minVersion) ? found : null;
  }

  private async getLarge(
    key: Uint8Array,
    bucket: number,
    begin: Buffer,
    { minVersion, client }: { readonly minVersion: Version | undefined; readonly client: Client | undefined },
  ): Promise<Fetched> {
    try {
      const stored = await this.large(key, bucket, begin, client);
      return this.fetched(bucket, stored, readFacts(stored), minVersion);
    } catch (error) {
      return reasonOf(error);
    }
  }

  /** These take their turn: their size is known when their first bytes have come. */
  private async large(
    key: Uint8Array,
    bucket: number,
    begin: Buffer,
    client: Client | undefined,
  ): Promise<Buffer> {
    const name = this.buckets.valueKey(bucket, key);
    let stored = begin;
    for (let attempt = 0; attempt < LARGE_ATTEMPTS_MAX; attempt += 1) {
      const facts = readFacts(stored);
      if (facts === null) return stored;
      const { valueBytes } = facts;
      // A longer one may have taken its place meanwhile.
      if (HEADER_BYTES + valueBytes <= stored.length) return stored;
      if (valueBytes > VALUE_BYTES_MAX) throw new EngineAway('the server has a value longer than any may be');
      const whole = (): Promise<Buffer> => this.first(bucket, name, HEADER_BYTES + valueBytes);
      stored = await this.turns.read(Buffer.from(key).toString('latin1'), valueBytes, whole, client);
    }
    throw new StoreBusy('longer values keep taking its place');
  }

  /** What is stored, up to so many bytes. */
  private async first(bucket: number, name: Argument, bytes: number): Promise<Buffer> {
    return storedOf(await this.reply(bucket, name, bytes));
  }

  private reply(bucket: number, name: Argument, bytes: number): Promise<Reply> {
    return this.servers.run(bucket, ['GETRANGE', name, '0', String(bytes - 1)], bytes);
  }

  private async metadata(key: Uint8Array): Promise<Metadata | null> {
    const facts = await this.facts(key);
    const deadlineMs = this.deadlineOf(this.buckets.of(key), facts);
    return facts === null || deadlineMs === null ? null : metadataOf(facts, deadlineMs);
  }

  /** Null once it has passed. */
  private deadlineOf(bucket: number, facts: StoredFacts | null): number | null {
    if (facts === null) return null;
    const deadlineMs = this.tails.deadlineMs(bucket, facts);
    return deadlineMs > performance.now() ? deadlineMs : null;
  }

  private reachable(key: Uint8Array): number {
    const bucket = this.buckets.of(key);
    if (this.tails.isOpen(bucket)) throw new EngineAway(this.servers.problemOf(bucket));
    return bucket;
  }
}

function storedOf(reply: Reply): Buffer {
  return Buffer.isBuffer(reply) ? reply : NOTHING;
}

/** Why nothing could be found out. */
function reasonOf(error: unknown): 'away' | 'busy' {
  if (error instanceof EngineAway) return 'away';
  if (error instanceof StoreBusy) return 'busy';
  throw error;
}

/** The primary knows of all writes: what is older says that there is none as new. */
function isEnough(found: ReadRecord | Metadata | null, minVersion: Version | undefined): boolean {
  if (minVersion === undefined || found === null) return true;
  return compareVersions(found.version, minVersion) >= 0;
}
