// What every DataEngine does, whatever is behind it. Run against the fake that the HTTP tests use
// and against the real thing, so that what holds for one holds for the other.
import { compareVersions } from '../../../src/core/base/version';
import type {
  CatchUp,
  CaughtUp,
  DataEngine,
  EngineChange,
  PutOutcome,
  Version,
} from '../../../src/runtime/data-engine';
import { EngineSubject, type EngineUnderTest, bytes, known, textOf, written } from './engine-subject';
import { until } from '../basics/until';

/**
 * `makeEngine` gives a fresh, ready, empty engine that accepts a time-to-live of 100 ms. Values
 * that are `elsewhere` are asked for, and its figures follow.
 */
export function describeDataEngine(
  name: string,
  makeEngine: () => Promise<EngineUnderTest>,
  values: 'here' | 'elsewhere' = 'here',
): void {
  describe(`${name} keeps the contract of a data engine`, () => {
    const made = new EngineSubject();
    beforeEach(async () => made.take(await makeEngine()));
    afterEach(async () => made.close());
    for (const section of SECTIONS) section(made);
    if (values === 'here') holdsThemHere(made);
  });
}

const SECTIONS = [holdsValues, keepsTime, ordersVersions, listsKeys, listsPages, accounts, catchesUp];

function holdsValues(made: EngineSubject): void {
  it('gives back the bytes that were put, under any key', async () => {
    for (const key of ['k', 'a/b', '🌱 key', '\0', 'x'.repeat(1024)]) {
      await made.put(key, `value of ${key}`);
      expect(textOf(await made.get(key))).toBe(`value of ${key}`);
    }
  });

  it('keeps an empty value apart from none', async () => {
    await made.put('empty', '');
    expect((await made.get('empty'))?.value.length).toBe(0);
    expect(await made.get('none')).toBeNull();
  });

  it('keeps bytes of any kind', async () => {
    const value = Uint8Array.from({ length: 256 }, (_, at) => at);
    written(await made.engine.put(bytes('bytes'), value, 60_000, 'one'));
    expect(Buffer.from((await made.get('bytes'))?.value ?? [])).toEqual(Buffer.from(value));
  });

  it('tells of a value without its bytes what it tells with them', async () => {
    await made.put('k', '12345', 60_000);
    const described = await made.engine.describe(bytes('k'));
    if (described === null || typeof described === 'string') throw new Error('it is not known');
    const record = await made.get('k');
    expect(described.version).toEqual(record?.version);
    expect(described.ttlMs).toBe(60_000);
    expect('value' in described ? described.value.length : described.valueBytes).toBe(5);
    expect(await made.engine.describe(bytes('none'))).toBeNull();
  });
}

/** Of an engine whose values are in this process. */
function holdsThemHere(made: EngineSubject): void {
  it('shows what it holds itself without asking anybody', async () => {
    await made.put('k', 'v');
    expect(textOf(made.engine.peek(bytes('k')))).toBe('v');
    expect(made.engine.peek(bytes('none'))).toBeNull();
  });

  it('answers a read of a key it holds without a promise', async () => {
    await made.put('k', 'v');
    expect(made.engine.get(bytes('k'))).not.toBeInstanceOf(Promise);
  });
}

function keepsTime(made: EngineSubject): void {
  it('tells the time-to-live and what is left of it', async () => {
    await made.put('k', 'v', 60_000);
    const record = await made.get('k');
    expect(record?.ttlMs).toBe(60_000);
    const leftMs = record === null ? 0 : made.engine.remainingMs(record);
    expect(leftMs).toBeLessThanOrEqual(60_000);
    expect(leftMs).toBeGreaterThan(50_000);
  });

  it('forgets a value at its deadline, in reads and in lists', async () => {
    await made.put('short', 'v', 100);
    await made.put('long', 'v', 60_000);
    const record = await made.get('short');
    await until(() => record !== null && made.engine.remainingMs(record) === 0, 'the time to live to pass');
    expect(await made.get('short')).toBeNull();
    expect((await made.engine.list('', 0, '')).keys).toEqual(['long']);
  });

  it('gives a value written again the new deadline', async () => {
    await made.put('k', 'old', 100);
    const old = await made.get('k');
    await made.put('k', 'new', 60_000);
    await until(() => old !== null && made.engine.remainingMs(old) === 0, 'the first deadline to pass');
    expect(textOf(await made.get('k'))).toBe('new');
  });
}

function ordersVersions(made: EngineSubject): void {
  it('replaces a value by a newer version', async () => {
    const first = await made.put('k', 'old');
    const second = await made.put('k', 'new');
    expect(compareVersions(second.version, first.version)).toBeGreaterThan(0);
    expect(textOf(await made.get('k'))).toBe('new');
    expect((await made.get('k'))?.version).toEqual(second.version);
  });

  it('finds a version that it holds when at least that one is asked for', async () => {
    const { version } = await made.put('k', 'v');
    expect(textOf(known(await made.engine.get(bytes('k'), version)))).toBe('v');
  });

  it('writes if the guard lets it, judged by the version that is there', async () => {
    const putIf = (value: string, guard: (held: Version | null) => boolean) =>
      made.engine.putIf(bytes('k'), bytes(value), 60_000, 'one', guard);
    const first = await putIf('first', (held) => held === null);
    expect(await putIf('second', (held) => held === null)).toMatchObject({ kind: 'unmet' });
    expect(textOf(await made.get('k'))).toBe('first');
    const { version } = written(first as PutOutcome);
    const isFirst = (held: Version | null): boolean => held !== null && compareVersions(held, version) === 0;
    expect(await putIf('third', isFirst)).toMatchObject({ kind: 'held' });
    expect(await putIf('fourth', isFirst)).toMatchObject({ kind: 'unmet' });
    expect(textOf(await made.get('k'))).toBe('third');
  });

  it.each(['one', 'quorum', 'all'] as const)('takes writes of level %s', async (level) => {
    const { acks, expected } = await made.put('k', 'v', 60_000, level);
    expect(acks).toBeGreaterThanOrEqual(1);
    expect(expected).toBeGreaterThanOrEqual(1);
    expect(textOf(await made.get('k'))).toBe('v');
  });
}

function listsKeys(made: EngineSubject): void {
  it('lists live keys in bytewise order of their UTF-8', async () => {
    const keys = ['b', 'a', 'a/b', 'ab', '\ue000', '🌱', 'é'];
    for (const key of keys) await made.put(key, 'v');
    const sorted = [...keys].sort((x, y) => Buffer.compare(bytes(x), bytes(y)));
    expect(await made.engine.list('', 0, '')).toEqual({ keys: sorted, nextCursor: null });
  });

  it('lists only what has the prefix', async () => {
    for (const key of ['a', 'a/1', 'a/2', 'b/1']) await made.put(key, 'v');
    expect((await made.engine.list('a/', 0, '')).keys).toEqual(['a/1', 'a/2']);
    expect((await made.engine.list('c', 0, '')).keys).toEqual([]);
  });
}

function listsPages(made: EngineSubject): void {
  it('lists page by page, each key once, to an end without a cursor', async () => {
    const keys = Array.from({ length: 25 }, (_, index) => `k${String(index).padStart(2, '0')}`);
    for (const key of keys) await made.put(key, 'v');
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<DataEngine['list']>> = await made.engine.list('k', 10, cursor);
      expect(page.keys.length).toBeLessThanOrEqual(10);
      seen.push(...page.keys);
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(keys);
  });

  it('continues behind a cursor whose key is gone', async () => {
    for (const key of ['a', 'c']) await made.put(key, 'v');
    expect((await made.engine.list('', 10, 'b')).keys).toEqual(['c']);
  });
}

function accounts(made: EngineSubject): void {
  it('counts what it holds', async () => {
    await made.put('k', '12345');
    await until(() => made.engine.stats().keys === 1, 'the figures to follow');
    const stats = made.engine.stats();
    expect(stats.valueBytes).toBe(5);
    expect(stats.usedBytes).toBeGreaterThanOrEqual(5);
    expect(stats.limitBytes).toBeGreaterThan(stats.usedBytes);
    expect(made.engine.state()).toBe('ready');
  });

  it('tells listeners of writes and expiries in order, after the call, until they leave', async () => {
    const heard: EngineChange[] = [];
    const leave = made.engine.subscribe((changes) => heard.push(...changes));
    const writing = made.engine.put(bytes('k'), bytes('v'), 100, 'one');
    expect(heard).toEqual([]);
    const { version } = written(await writing);
    await until(() => heard.length >= 2, 'the value to expire');
    expect(heard).toMatchObject([
      { kind: 'put', key: 'k', version, ttlMs: 100, valueBytes: 1, value: bytes('v') },
      { kind: 'expire', key: 'k', version },
    ]);
    leave();
    await made.put('other', 'v');
    expect(heard).toHaveLength(2);
  });
}

function catchesUp(made: EngineSubject): void {
  it('tells a client what it missed while all readers of another take their time', async () => {
    const prefixes = Array.from({ length: 9 }, (_, at) => `k${at}`);
    for (const key of prefixes) await made.put(key, 'v');
    const gone = new AbortController();
    const told = (client: string, prefix: string, take: CatchUp['take']): Promise<CaughtUp> => {
      const asked = { since: null, prefix, valueBytesMax: -1, client, began: () => undefined, take };
      return made.engine.catchUp(asked, gone.signal);
    };
    const taking: (() => void)[] = [];
    const slow = prefixes.map((prefix) =>
      told('slow', prefix, () => new Promise((resolve) => taking.push(resolve))),
    );
    await until(() => taking.length >= 2, 'the slow readers');
    let outcome: CaughtUp | null = null;
    void told('other', '', () => Promise.resolve()).then((caughtUp) => (outcome = caughtUp));
    const isTold = until(() => outcome !== null, 'the other client');
    await isTold.finally(() => {
      gone.abort();
      for (const taken of taking) taken();
    });
    expect(outcome).toBe('caught-up');
    expect(await Promise.all(slow)).toHaveLength(prefixes.length);
  });
}
