// What every DataEngine does, whatever is behind it. Run against the fake that the HTTP tests use and against the real
// thing, so that what holds for one holds for the other.
import type {
  DataEngine,
  EngineChange,
  PutOutcome,
  ReadRecord,
  WriteLevel,
} from '../../src/runtime/data-engine';
import { compareVersions } from '../../src/core/version/version';
import { until } from './until';

export interface EngineUnderTest {
  readonly engine: DataEngine;
  close(): Promise<void> | void;
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** `makeEngine` gives a fresh, ready, empty engine that accepts a time-to-live of 100 ms. */
export function describeDataEngine(name: string, makeEngine: () => Promise<EngineUnderTest>): void {
  describe(`${name} keeps the contract of a data engine`, () => {
    let made: EngineUnderTest;
    let engine: DataEngine;

    beforeEach(async () => {
      made = await makeEngine();
      engine = made.engine;
    });
    afterEach(async () => made.close());

    const put = async (key: string, value: string, ttlMs = 60_000, level: WriteLevel = 'one') =>
      written(await engine.put(bytes(key), bytes(value), ttlMs, level));
    const get = async (key: string): Promise<ReadRecord | null> => engine.get(bytes(key));
    const textOf = (record: ReadRecord | null): string | null =>
      record === null ? null : Buffer.from(record.value).toString('utf8');

    it('gives back the bytes that were put, under any key', async () => {
      for (const key of ['k', 'a/b', '🌱 key', '\0', 'x'.repeat(1024)]) {
        await put(key, `value of ${key}`);
        expect(textOf(await get(key))).toBe(`value of ${key}`);
      }
    });

    it('keeps an empty value apart from none', async () => {
      await put('empty', '');
      expect((await get('empty'))?.value.length).toBe(0);
      expect(await get('none')).toBeNull();
    });

    it('answers a read of a key it holds without a promise', async () => {
      await put('k', 'v');
      expect(engine.get(bytes('k'))).not.toBeInstanceOf(Promise);
    });

    it('replaces a value by a newer version', async () => {
      const first = await put('k', 'old');
      const second = await put('k', 'new');
      expect(compareVersions(second.version, first.version)).toBeGreaterThan(0);
      expect(textOf(await get('k'))).toBe('new');
      expect((await get('k'))?.version).toEqual(second.version);
    });

    it('tells the time-to-live and what is left of it', async () => {
      await put('k', 'v', 60_000);
      const record = await get('k');
      expect(record?.ttlMs).toBe(60_000);
      const leftMs = record === null ? 0 : engine.remainingMs(record);
      expect(leftMs).toBeLessThanOrEqual(60_000);
      expect(leftMs).toBeGreaterThan(50_000);
    });

    it('forgets a value at its deadline, in reads and in lists', async () => {
      await put('short', 'v', 100);
      await put('long', 'v', 60_000);
      const record = await get('short');
      await until(() => record !== null && engine.remainingMs(record) === 0, 'the time to live to pass');
      expect(await get('short')).toBeNull();
      expect((await engine.list('', 0, '')).keys).toEqual(['long']);
    });

    it('gives a value written again the new deadline', async () => {
      await put('k', 'old', 100);
      const old = await get('k');
      await put('k', 'new', 60_000);
      await until(() => old !== null && engine.remainingMs(old) === 0, 'the first deadline to pass');
      expect(textOf(await get('k'))).toBe('new');
    });

    it('lists live keys in bytewise order of their UTF-8', async () => {
      const keys = ['b', 'a', 'a/b', 'ab', '\ue000', '🌱', 'é'];
      for (const key of keys) await put(key, 'v');
      const sorted = [...keys].sort((x, y) => Buffer.compare(bytes(x), bytes(y)));
      expect(await engine.list('', 0, '')).toEqual({ keys: sorted, nextCursor: null });
    });

    it('lists only what has the prefix', async () => {
      for (const key of ['a', 'a/1', 'a/2', 'b/1']) await put(key, 'v');
      expect((await engine.list('a/', 0, '')).keys).toEqual(['a/1', 'a/2']);
      expect((await engine.list('c', 0, '')).keys).toEqual([]);
    });

    it('lists page by page, each key once, to an end without a cursor', async () => {
      const keys = Array.from({ length: 25 }, (_, index) => `k${String(index).padStart(2, '0')}`);
      for (const key of keys) await put(key, 'v');
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: Awaited<ReturnType<DataEngine['list']>> = await engine.list('k', 10, cursor);
        expect(page.keys.length).toBeLessThanOrEqual(10);
        seen.push(...page.keys);
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(keys);
    });

    it('continues behind a cursor whose key is gone', async () => {
      for (const key of ['a', 'c']) await put(key, 'v');
      expect((await engine.list('', 10, 'b')).keys).toEqual(['c']);
    });

    it('finds a version that it holds when at least that one is asked for', async () => {
      const { version } = await put('k', 'v');
      expect(textOf(await engine.get(bytes('k'), version))).toBe('v');
    });

    it.each(['one', 'quorum', 'all'] as const)('takes writes of level %s', async (level) => {
      const { acks, expected } = await put('k', 'v', 60_000, level);
      expect(acks).toBeGreaterThanOrEqual(1);
      expect(expected).toBeGreaterThanOrEqual(1);
      expect(textOf(await get('k'))).toBe('v');
    });

    it('counts what it holds', async () => {
      await put('k', '12345');
      const stats = engine.stats();
      expect(stats.keys).toBe(1);
      expect(stats.valueBytes).toBe(5);
      expect(stats.usedBytes).toBeGreaterThanOrEqual(5);
      expect(stats.limitBytes).toBeGreaterThan(stats.usedBytes);
      expect(engine.state()).toBe('ready');
    });

    it('tells listeners of writes and expiries in order, after the call, until they leave', async () => {
      const heard: EngineChange[] = [];
      const leave = engine.subscribe((change) => heard.push(change));
      const writing = engine.put(bytes('k'), bytes('v'), 100, 'one');
      expect(heard).toEqual([]);
      const { version } = written(await writing);
      await until(() => heard.length === 2, 'the value to expire');
      expect(heard).toEqual([
        { kind: 'put', key: 'k', version, ttlMs: 100 },
        { kind: 'expire', key: 'k' },
      ]);
      leave();
      await put('other', 'v');
      expect(heard).toHaveLength(2);
    });
  });
}

function written(outcome: PutOutcome): Extract<PutOutcome, { kind: 'held' | 'stored' }> {
  if (outcome.kind === 'held' || outcome.kind === 'stored') return outcome;
  throw new Error(`the write was refused: ${outcome.kind}`);
}
