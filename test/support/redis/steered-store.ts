// The second engine as the tests of a node without a network steer it: values are in a server, and
// what a test sets stands in front of it.
import type {
  CatchUp,
  CaughtUp,
  Described,
  EngineAbout,
  EngineChange,
  EngineState,
  EngineStats,
  Fetched,
  KeyPage,
  PutOutcome,
  ReadRecord,
  Unguarded,
  Version,
  WriteGuard,
  WriteLevel,
} from '../../../src/runtime/data-engine';
import { until } from '../basics/until';
import type { SteeredEngine } from '../fakes/steered-engine';
import { openTestStore, type StoreUnderTest } from './store-engine';

type Refusal = Extract<PutOutcome, { kind: 'draining' | 'full' }>;

export class SteeredStore implements SteeredEngine {
  currentState: EngineState = 'ready';
  unanswered: 'unknown' | 'busy' | null = null;
  holdsAll = true;
  /** A larger write finds no room. */
  limitBytes = Infinity;
  quorumMissed = false;
  lastLevel: WriteLevel | null = null;

  private constructor(
    private readonly store: StoreUnderTest,
    readonly origin: string,
  ) {}

  /** Resolves when it has reached its servers. */
  static async open(url: string): Promise<SteeredStore> {
    const store = openTestStore(url);
    await until(() => store.engine.state() === 'ready', 'the engine reaches its servers');
    return new SteeredStore(store, store.id);
  }

  async put(key: Uint8Array, value: Uint8Array, ttlMs: number, level: WriteLevel): Promise<PutOutcome> {
    this.lastLevel = level;
    const refusal = this.refusalOf(key.length + value.length);
    return refusal ?? this.steered(await this.store.engine.put(key, value, ttlMs, level), level);
  }

  async putIf(
    key: Uint8Array,
    value: Uint8Array,
    ttlMs: number,
    level: WriteLevel,
    guard: WriteGuard,
  ): Promise<PutOutcome | Unguarded> {
    this.lastLevel = level;
    const refusal = this.refusalOf(key.length + value.length);
    if (refusal !== null) return refusal;
    return this.steered(await this.store.engine.putIf(key, value, ttlMs, level, guard), level);
  }

  noteRead(): void {
    this.store.engine.noteRead();
  }

  async get(key: Uint8Array, minVersion?: Version): Promise<Fetched> {
    return (await this.store.engine.get(key, minVersion)) ?? this.absent();
  }

  async describe(key: Uint8Array, minVersion?: Version): Promise<Described> {
    return (await this.store.engine.describe(key, minVersion)) ?? this.absent();
  }

  peek(): ReadRecord | null {
    return this.store.engine.peek();
  }

  list(prefix: string, limit: number, cursor: string, gone?: AbortSignal): Promise<KeyPage> {
    return this.store.engine.list(prefix, limit, cursor, gone);
  }

  listsAll(): boolean {
    return this.holdsAll;
  }

  chargedBytes(keyBytes: number, valueBytes: number): number {
    return this.store.engine.chargedBytes(keyBytes, valueBytes);
  }

  stats(): EngineStats {
    const stats = this.store.engine.stats();
    return { ...stats, limitBytes: Math.min(stats.limitBytes, this.limitBytes) };
  }

  state(): EngineState {
    return this.currentState;
  }

  about(): EngineAbout {
    return this.store.engine.about();
  }

  remainingMs(record: Pick<ReadRecord, 'deadlineMs'>): number {
    return this.store.engine.remainingMs(record);
  }

  subscribe(listener: (changes: readonly EngineChange[]) => void): () => void {
    return this.store.engine.subscribe(listener);
  }

  position(): string | null {
    return this.currentState === 'ready' ? this.store.engine.position() : null;
  }

  catchUp(asked: CatchUp, gone: AbortSignal): Promise<CaughtUp> {
    return this.store.engine.catchUp(asked, gone);
  }

  close(): void {
    this.store.close();
  }

  private refusalOf(bytes: number): Refusal | null {
    if (this.currentState === 'draining') return { kind: 'draining' };
    if (bytes <= this.limitBytes) return null;
    return { kind: 'full', at: 'store', usedBytes: this.limitBytes, limitBytes: this.limitBytes };
  }

  private steered<T extends PutOutcome | Unguarded>(outcome: T, level: WriteLevel): T {
    if (outcome.kind !== 'held' || !this.quorumMissed || level === 'one') return outcome;
    return { ...outcome, kind: 'stored', acks: 1, expected: 3 };
  }

  private absent(): 'unknown' | 'busy' | null {
    return this.unanswered ?? (this.currentState === 'starting' ? 'unknown' : null);
  }
}
