// The second DataEngine: values are in Valkey or Redis, on one server, on one with replicas or in a
// Cluster. What it promises and how it differs from the gossip engine is in docs/engines.md; why it
// is made so, in docs/adr/0060-values-in-valkey-or-redis.md.
import {
  type CatchUp,
  type CaughtUp,
  type Client,
  type DataEngine,
  type Described,
  type EngineAbout,
  EngineAway,
  EngineBusy,
  type EngineChange,
  type EngineState,
  type EngineStats,
  type Fetched,
  type KeyPage,
  type PutOutcome,
  type ReadRecord,
  type Unguarded,
  type Version,
  type WriteGuard,
  type WriteLevel,
} from '../../runtime/data-engine';
import type { Log } from '../../adapters/log';
import { Buckets } from './buckets';
import { CatchingUp } from './catching-up';
import { Changes } from './changes';
import { writeVersion } from './envelope';
import { LargeReads } from './large-reads';
import { Listing } from './listing';
import { Reads } from './reads';
import { Replicas } from './replicas';
import { Servers, type ServersOptions } from './servers';
import { Tails } from './tails';
import { Watch } from './watch';
import { type Outcome, type Write, Writes } from './writes';

/** What it tells the node that it belongs to. */
export interface StoreTally {
  read(): void;
  settled(outcome: PutOutcome, elapsedMs: number): void;
  expired(count: number): void;
}

export interface RedisEngineOptions {
  readonly servers: ServersOptions;
  /** As an operator may see it. */
  readonly shownUrl: string;
  readonly cluster: string;
  /** The id of this node. */
  readonly origin: string;
  readonly replicationFactor: number;
  readonly ttlMaxSeconds: number;
  /** Of large values on their way from the servers, and of all values on their way to them. */
  readonly readBytesMax: number;
  readonly writeBytesMax: number;
  /** Of the keys of one page of a list. */
  readonly pageBytes: number;
  readonly isDraining: () => boolean;
  readonly tally: StoreTally;
  /** Each time the id of the store was read; null while it cannot be. */
  readonly onStoreId: (id: string | null, askedAtMs: number) => void;
  readonly log: Log;
}

/** Conditions that others keep breaking between the look and the write. */
const GUARDED_ATTEMPTS_MAX = 8;
const ENTRY_BYTES = 400;

export class RedisEngine implements DataEngine {
  private readonly servers: Servers;
  private readonly tails: Tails;
  private readonly replicas: Replicas;
  private readonly reads: Reads;
  private readonly writes: Writes;
  private readonly listing: Listing;
  private readonly changes: Changes;
  private readonly catchingUp: CatchingUp;
  private readonly watch: Watch;

  constructor(private readonly options: RedisEngineOptions) {
    const { cluster, ttlMaxSeconds, log, tally, onStoreId } = options;
    const buckets = Buckets.of(cluster, options.servers.isCluster);
    const servers = new Servers(options.servers, buckets);
    const tails = new Tails(servers, buckets, ttlMaxSeconds);
    const reads = new Reads(servers, buckets, tails, new LargeReads(options.readBytesMax));
    this.servers = servers;
    this.tails = tails;
    this.reads = reads;
    this.replicas = new Replicas(servers, buckets.count);
    this.writes = new Writes({ ...options, servers, buckets, tails, replicas: this.replicas });
    this.listing = new Listing(servers, buckets, options.pageBytes);
    this.changes = new Changes(cluster, tails, (entries) => reads.changesOf(entries));
    const changes = this.changes;
    this.catchingUp = new CatchingUp({
      cluster,
      ttlMaxSeconds,
      changes,
      tails,
      listing: this.listing,
      isReady: () => this.watch.isReachable,
      changesOf: (entries, valueBytesMax) => reads.changesOf(entries, valueBytesMax),
      puts: (keys, valueBytesMax) => reads.puts(keys, valueBytesMax),
    });
    const { replicas } = this;
    const onEnded = (count: number): void => tally.expired(count);
    this.watch = new Watch({ servers, tails, replicas, changes, log, onEnded, onStoreId });
    this.watch.start();
  }

  put(key: Uint8Array, value: Uint8Array, ttlMs: number, level: WriteLevel): Promise<PutOutcome> {
    const startedMs = performance.now();
    return this.written({ key, value, ttlMs, level, condition: '' }).then((written) => {
      // Without a condition none is unmet.
      const outcome: PutOutcome = written.kind === 'unmet' ? { kind: 'away' } : written;
      this.options.tally.settled(outcome, performance.now() - startedMs);
      return outcome;
    });
  }

  putIf(
    key: Uint8Array,
    value: Uint8Array,
    ttlMs: number,
    level: WriteLevel,
    guard: WriteGuard,
  ): Promise<PutOutcome | Unguarded> {
    return this.counted(() => this.judged({ key, value, ttlMs, level }, guard));
  }

  get(key: Uint8Array, minVersion?: Version, client?: Client): Promise<Fetched> {
    return this.reads.get(key, minVersion, client);
  }

  describe(key: Uint8Array, minVersion?: Version): Promise<Described> {
    return this.reads.describe(key, minVersion);
  }

  noteRead(): void {
    this.options.tally.read();
  }

  /** The node itself holds nothing. */
  peek(): ReadRecord | null {
    return null;
  }

  list(prefix: string, limit: number, cursor: string, gone?: AbortSignal): Promise<KeyPage> {
    return this.listing.page(prefix, limit, cursor, gone);
  }

  /** Two more copies of the key, and entries in index, deadlines and stream (docs/engines.md). */
  chargedBytes(keyBytes: number, valueBytes: number): number {
    return valueBytes + 2 * keyBytes + ENTRY_BYTES;
  }

  /** At most a second old. */
  stats(): EngineStats {
    return { ...this.tails.sums(), ...this.replicas.memory(), stubs: 0 };
  }

  state(): EngineState {
    if (this.options.isDraining()) return 'draining';
    if (this.watch.isReachable) return 'ready';
    return this.watch.hasBeenReached ? 'syncing' : 'starting';
  }

  listsAll(): boolean {
    return true;
  }

  about(): EngineAbout {
    const away = this.watch.away();
    return {
      engine: 'redis',
      isReachable: this.watch.isReachable,
      url: this.options.shownUrl,
      events: 'stream',
      awayBuckets: away?.buckets ?? 0,
      problem: away?.problem ?? this.tails.writeProblem(),
      primaries: this.replicas.facts(),
    };
  }

  remainingMs({ deadlineMs }: Pick<ReadRecord, 'deadlineMs'>): number {
    return Math.max(0, deadlineMs - performance.now());
  }

  subscribe(listener: (changes: readonly EngineChange[]) => void): () => void {
    return this.changes.subscribe(listener);
  }

  position(): string | null {
    return this.watch.hasBeenReached ? this.changes.position() : null;
  }

  catchUp(asked: CatchUp, gone: AbortSignal): Promise<CaughtUp> {
    return this.catchingUp.catchUp(asked, gone);
  }

  /** Stops looking, and closes all connections. */
  close(): void {
    this.watch.stop();
    this.servers.close();
  }

  /** What was never tried counts as no write. */
  private async counted<T extends PutOutcome | Unguarded>(write: () => Promise<T>): Promise<T> {
    const startedMs = performance.now();
    const outcome = await write();
    if (outcome.kind !== 'unmet' && outcome.kind !== 'undecided')
      this.options.tally.settled(outcome, performance.now() - startedMs);
    return outcome;
  }

  private async judged(write: Omit<Write, 'condition'>, guard: WriteGuard): Promise<PutOutcome | Unguarded> {
    for (let attempt = 0; attempt < GUARDED_ATTEMPTS_MAX; attempt += 1) {
      let held: Version | null;
      try {
        held = (await this.reads.facts(write.key))?.version ?? null;
      } catch (error) {
        if (error instanceof EngineAway) return { kind: 'away', isUndone: true };
        if (error instanceof EngineBusy) return { kind: 'busy' };
        throw error;
      }
      if (!guard(held)) return { kind: 'unmet', held };
      const condition = held === null ? '-' : writeVersion(held);
      const outcome = await this.written({ ...write, condition });
      if (outcome.kind !== 'unmet') return outcome;
    }
    return { kind: 'undecided', because: 'contended' };
  }

  private written(write: Write): Promise<Outcome> {
    if (this.options.isDraining()) return Promise.resolve({ kind: 'draining' });
    return this.writes.put(write);
  }
}
