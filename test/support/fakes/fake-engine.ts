// A node without a network: a Map with exact deadlines behind the interfaces the Nest modules know.
// It keeps the engine's contract (data-engine-contract.ts), and its state, peers and outcomes can
// be set by a test.
import { randomBytes } from 'node:crypto';
import { HLC_TICKS_PER_MS, compareVersions } from '../../../src/core/base/version';
import { chargedBytes } from '../../../src/runtime/data-engine';
import type {
  CatchUp,
  CaughtUp,
  EngineChange,
  EngineState,
  EngineStats,
  Fetched,
  KeyPage,
  PutOutcome,
  ReadRecord,
  Version,
  WriteLevel,
} from '../../../src/runtime/data-engine';
import { aboutGossip, guardedPut } from '../../../src/runtime/guarded-put';
import type { SteeredEngine } from './steered-engine';

interface Entry {
  readonly record: ReadRecord;
  readonly timer: NodeJS.Timeout;
}

export class FakeEngine implements SteeredEngine {
  /** Whether a list of what it holds is a list of all. */
  holdsAll = true;
  currentState: EngineState = 'ready';
  unanswered: 'unknown' | 'busy' | null = null;
  /** Bytes of values it has room for. */
  limitBytes = 64 * 1024 * 1024;
  quorumMissed = false;
  readonly origin = randomBytes(8).toString('hex');
  lastLevel: WriteLevel | null = null;
  readonly putIf = guardedPut(this);
  readonly about = aboutGossip;

  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new Set<(changes: readonly EngineChange[]) => void>();
  /** All that ever changed; a position is how many of them were told. */
  private readonly history: EngineChange[] = [];
  private valueBytes = 0;
  private lastHlc = 0;

  put(key: Uint8Array, value: Uint8Array, ttlMs: number, level: WriteLevel): Promise<PutOutcome> {
    this.lastLevel = level;
    if (this.currentState === 'draining') return Promise.resolve({ kind: 'draining' });
    if (this.valueBytes + value.length > this.limitBytes) {
      const { usedBytes, limitBytes } = this.stats();
      return Promise.resolve({ kind: 'full', at: 'here', usedBytes, limitBytes });
    }
    const name = text(key);
    this.lastHlc = Math.max(this.lastHlc + 1, Date.now() * HLC_TICKS_PER_MS);
    const version = { hlc: this.lastHlc, origin: this.origin };
    const record = { value, version, ttlMs, deadlineMs: performance.now() + ttlMs };
    this.drop(name);
    this.entries.set(name, {
      record,
      timer: setTimeout(() => this.expire(name), Math.ceil(ttlMs) + 1).unref(),
    });
    this.valueBytes += value.length;
    this.notify(putOf(name, record));
    const held = level === 'one' || !this.quorumMissed;
    return Promise.resolve({
      kind: held ? 'held' : 'stored',
      version,
      acks: this.quorumMissed ? 1 : 3,
      expected: 3,
      hosts: 1,
      expectedHosts: 1,
    });
  }

  peek(key: Uint8Array): ReadRecord | null {
    const record = this.entries.get(text(key))?.record;
    return record !== undefined && record.deadlineMs > performance.now() ? record : null;
  }

  noteRead(): void {
    // Nobody looks at the number here.
  }

  get(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<Fetched> {
    const found = this.peek(key);
    const unanswered = this.unanswered ?? (this.currentState === 'starting' ? 'unknown' : null);
    if (found === null && unanswered !== null) return Promise.resolve(unanswered);
    if (minVersion === undefined) return found;
    return Promise.resolve(found !== null && compareVersions(found.version, minVersion) >= 0 ? found : null);
  }

  describe(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<Fetched> {
    return this.get(key, minVersion);
  }

  list(prefix: string, limit: number, cursor: string, gone?: AbortSignal): Promise<KeyPage> {
    if (gone?.aborted === true) return Promise.resolve({ keys: [], nextCursor: null });
    const nowMs = performance.now();
    const keys = [...this.entries]
      .filter(([key, { record }]) => record.deadlineMs > nowMs && key.startsWith(prefix))
      .map(([key]) => key)
      .filter((key) => cursor === '' || bytewise(key, cursor) > 0)
      .sort(bytewise);
    const page = limit === 0 ? keys : keys.slice(0, limit);
    const more = page.length < keys.length;
    return Promise.resolve({ keys: page, nextCursor: more ? (page.at(-1) ?? null) : null });
  }

  chargedBytes(keyBytes: number, valueBytes: number): number {
    return chargedBytes(keyBytes, valueBytes);
  }

  stats(): EngineStats {
    const { valueBytes, limitBytes } = this;
    return { keys: this.entries.size, stubs: 0, valueBytes, usedBytes: valueBytes, limitBytes };
  }

  listsAll(): boolean {
    return this.holdsAll;
  }

  state(): EngineState {
    return this.currentState;
  }

  remainingMs(record: Pick<ReadRecord, 'deadlineMs'>): number {
    return Math.max(0, record.deadlineMs - performance.now());
  }

  subscribe(listener: (changes: readonly EngineChange[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  position(): string | null {
    return this.currentState === 'ready' ? `fake${this.history.length}` : null;
  }

  async catchUp({ since, prefix, began, take }: CatchUp, gone: AbortSignal): Promise<CaughtUp> {
    const told = since === null ? 0 : Number(/^fake(\d+)$/.exec(since)?.[1] ?? NaN);
    if (gone.aborted) return 'gone';
    began();
    if (Number.isNaN(told)) return 'position-unknown';
    if (told > this.history.length) return 'position-ahead';
    const held = (): EngineChange[] => [...this.entries].map(([key, { record }]) => putOf(key, record));
    const changes = since === null ? held() : this.history.slice(told);
    await take(changes.filter((change) => change.kind !== 'unsure' && change.key.startsWith(prefix)));
    return 'caught-up';
  }

  /** Stops its timers. */
  close(): void {
    for (const { timer } of this.entries.values()) clearTimeout(timer);
  }

  private drop(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    this.valueBytes -= entry.record.value.length;
    this.entries.delete(key);
  }

  private expire(key: string): void {
    const version = this.entries.get(key)?.record.version;
    this.drop(key);
    if (version !== undefined) this.notify({ kind: 'expire', key, version });
  }

  private notify(change: EngineChange): void {
    queueMicrotask(() => {
      this.history.push(change);
      for (const listener of this.listeners) listener([change]);
    });
  }
}

function putOf(key: string, { version, ttlMs, deadlineMs, value }: ReadRecord): EngineChange {
  return { kind: 'put', key, version, ttlMs, deadlineMs, valueBytes: value.byteLength, value };
}

function text(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('utf8');
}

function bytewise(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
