import fc from 'fast-check';
import { ORIGIN_A, ORIGIN_B, record } from '../../../test/support/core/records';
import type { Now } from '../base/now';
import { BUCKET_MS } from './deadlines';
import { Store } from './store';

const START: Now = { monoMs: 5000, wallMs: 1_000_000 };

function later(ms: number): Now {
  return { monoMs: START.monoMs + ms, wallMs: START.wallMs + ms };
}

function makeStore(overrides: Partial<ConstructorParameters<typeof Store>[0]> = {}): Store {
  return new Store({
    ttlMaxMs: 3_600_000,
    storageBytesMax: 1_000_000,
    clockOffsetMaxMs: 10_000,
    ...overrides,
  });
}

function valueAt(store: Store, now: Now, key = 'k'): number[] | null {
  const entry = store.get(key, now.monoMs);
  return entry?.value === null || entry === null ? null : [...entry.value];
}

describe('the store', () => {
  it('walks the keys within bounds, and narrows them as it goes', () => {
    const store = makeStore();
    const keys = ['a', 'a/', 'a/1', 'a/10', 'a/2', 'a/\u00ff', 'b', 'c'];
    for (const key of keys) store.merge(record({ key }), START);
    store.merge(record({ key: 'a/over', ttlMs: 1 }), START);
    const within = (bounds: { prefix?: string; after?: string; upTo?: string }): (string | undefined)[] => [
      ...store.walks.keysWithin(later(10).monoMs, { prefix: '', after: '', upTo: null, ...bounds }),
    ];
    const shown = (bounds: object): string[] => within(bounds).filter((key) => key !== undefined);
    expect(shown({})).toEqual(keys);
    expect(within({ prefix: 'b' })).toHaveLength(keys.length + 1);
    expect(shown({ prefix: 'a/' })).toEqual(keys.slice(1, 6));
    expect(shown({ prefix: 'a/', after: 'a/1' })).toEqual(['a/10', 'a/2', 'a/\u00ff']);
    expect(shown({ after: 'a/1', upTo: 'b' })).toEqual(['a/10', 'a/2', 'a/\u00ff', 'b']);
    const bounds = { prefix: '', after: '', upTo: null as string | null };
    const walk = store.walks.keysWithin(START.monoMs, bounds);
    expect(walk.next().value).toBe('a');
    bounds.upTo = 'a/';
    expect([...walk].filter((key) => key !== undefined)).toEqual(['a/']);
  });

  it('asks for no time to close gaps where none can be closed yet', () => {
    const store = makeStore();
    const value = new Uint8Array(100);
    for (let write = 0; write < 3500; write += 1) {
      const key = `key-${write % 1000}`;
      store.merge(record({ key, atMs: 1_000_001 + write, ttlMs: 600_000, value }), START);
    }
    let asked = 0;
    for (let ms = 1; ms <= 100; ms += 1) {
      store.expire(later(ms), 1000);
      if (store.nextDeadlineMs() <= START.monoMs + ms + 1) asked += 1;
    }
    expect(asked).toBeLessThan(5);
  });

  it('gives a value back until its very deadline and not after', () => {
    const store = makeStore();
    expect(store.merge(record({ ttlMs: 60_000 }), START)).toBe('stored');
    expect(valueAt(store, later(59_999.9))).toEqual([1, 2, 3]);
    expect(valueAt(store, later(60_000))).toBeNull();
  });

  it('takes the age of a version off its life', () => {
    const store = makeStore();
    store.merge(record({ ttlMs: 60_000, ageMs: 50_000 }), START);
    expect(valueAt(store, later(9999))).not.toBeNull();
    expect(valueAt(store, later(10_000))).toBeNull();
  });

  it('never moves the deadline of a version it has', () => {
    const store = makeStore();
    store.merge(record({ ttlMs: 60_000 }), START);
    expect(store.merge(record({ ttlMs: 60_000, ageMs: 0 }), later(30_000))).toBe('known');
    expect(valueAt(store, later(60_000))).toBeNull();
  });

  it('keeps the newest version whatever the order of arrival', () => {
    const older = record({ atMs: 1_000_000, value: new Uint8Array([1]) });
    const newer = record({ atMs: 1_000_001, value: new Uint8Array([2]) });
    for (const order of [
      [older, newer],
      [newer, older],
    ]) {
      const store = makeStore();
      for (const each of order) store.merge(each, START);
      expect(valueAt(store, START)).toEqual([2]);
    }
  });

  it('lets the greater origin win among equal stamps, on every replica', () => {
    const a = record({ origin: ORIGIN_A, value: new Uint8Array([1]) });
    const b = record({ origin: ORIGIN_B, value: new Uint8Array([2]) });
    for (const order of [
      [a, b],
      [b, a],
    ]) {
      const store = makeStore();
      for (const each of order) store.merge(each, START);
      expect(valueAt(store, START)).toEqual([2]);
    }
  });

  it('does not bring an older, longer value back when a newer, shorter one has expired', () => {
    const store = makeStore();
    store.merge(record({ atMs: 1_000_001, ttlMs: 1000 }), START);
    store.expire(later(2000), 100);
    expect(store.counts()).toMatchObject({ keys: 0, stubs: 1 });
    expect(store.merge(record({ atMs: 1_000_000, ttlMs: 3_600_000, ageMs: 2000 }), later(2000))).toBe(
      'known',
    );
    expect(valueAt(store, later(2000))).toBeNull();
  });

  it('remembers a version that arrives expired as a stub', () => {
    const store = makeStore();
    expect(store.merge(record({ ttlMs: 1000, ageMs: 1000 }), START)).toBe('stub');
    expect(store.merge(record({ atMs: 999_999, ttlMs: 60_000 }), START)).toBe('known');
  });

  describe('where the wall clock disagrees with an age', () => {
    const AT_MS = 1_700_000_000_000;
    const at = (wallMs: number): Now => ({ monoMs: START.monoMs, wallMs });

    it.each([-3_600_000, 60_000, 3_000_000])('believes the age (%i ms apart)', (aheadMs) => {
      const store = makeStore();
      expect(store.merge(record({ atMs: AT_MS, ttlMs: 60_000, ageMs: 59_000 }), at(AT_MS + aheadMs))).toBe(
        'stored',
      );
      expect(store.get('k', START.monoMs + 999)).not.toBeNull();
      expect(store.get('k', START.monoMs + 1000)).toBeNull();
    });

    it('reads nothing that was stamped longer ago than anything lives', () => {
      const store = makeStore();
      expect(store.merge(record({ atMs: AT_MS, ttlMs: 60_000 }), at(AT_MS + 3_610_001))).toBe('stub');
      expect(store.merge(record({ key: 'j', atMs: AT_MS, ttlMs: 60_000 }), at(AT_MS + 3_600_000))).toBe(
        'stored',
      );
    });

    it('believes the age of what was stamped by a clock that was never set', () => {
      expect(makeStore().merge(record({ atMs: 40_000, ttlMs: 60_000 }), at(AT_MS))).toBe('stored');
    });
  });

  it('forgets a stub once no older version can be alive', () => {
    const store = makeStore();
    store.merge(record({ ttlMs: 1000 }), START);
    store.expire(later(2000), 100);
    store.expire(later(3_600_000 + 10_000 + BUCKET_MS), 100);
    expect(store.counts()).toMatchObject({ keys: 0, stubs: 0, usedBytes: 0 });
  });

  it('refuses a new key without room and keeps all it has', () => {
    const store = makeStore({ storageBytesMax: 10_000 });
    store.merge(record({ key: 'a', value: new Uint8Array(5000) }), START);
    expect(store.merge(record({ key: 'b', value: new Uint8Array(5000) }), START)).toBe('full');
    expect(valueAt(store, START, 'a')).toHaveLength(5000);
    expect(store.audit()).toEqual([]);
  });

  it('releases the old value for a newer version that does not fit, and says that it holds no bytes', () => {
    const store = makeStore({ storageBytesMax: 10_000 });
    store.merge(record({ value: new Uint8Array(5000) }), START);
    const newer = record({ atMs: 1_000_001, value: new Uint8Array(20_000) });
    expect(store.merge(newer, START)).toBe('stub');
    expect(store.peek('k')?.holding).toBe('not-held');
    expect(valueAt(store, START)).toBeNull();
    expect(store.audit()).toEqual([]);
  });

  it('works through many expiries in slices of the budget', () => {
    const store = makeStore({ storageBytesMax: 100_000_000 });
    for (let i = 0; i < 250; i += 1) store.merge(record({ key: `k${i}`, ttlMs: 1000 }), START);
    expect(store.expire(later(2000), 100)).toBe(100);
    expect(store.expire(later(2000), 100)).toBe(100);
    expect(store.expire(later(2000), 100)).toBe(50);
    expect(store.counts()).toMatchObject({ keys: 0, stubs: 250 });
  });

  it('drops only stubs that nothing known can contradict, oldest first, and counts them', () => {
    const store = makeStore({ storageBytesMax: 10_000 });
    for (let i = 0; i < 20; i += 1) store.merge(record({ key: `k${i}`, ttlMs: 1000 + 100 * i }), START);
    store.expire(later(4000), 1000);
    expect(store.counts()).toMatchObject({ stubs: 20, droppedEarly: 0 });
    store.expire(later(20 * 60_000), 1000);
    const { stubs, droppedEarly } = store.counts();
    expect(droppedEarly).toBeGreaterThan(0);
    expect(stubs + droppedEarly).toBe(20);
    expect(store.peek('k0')).toBeUndefined();
    expect(store.peek('k19')).toBeDefined();
  });

  it('keeps accounting and hash tree exact through any history', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      atMs: fc.integer({ min: 990_000, max: 1_010_000 }),
      ttlMs: fc.integer({ min: 1, max: 20_000 }),
      ageMs: fc.integer({ min: 0, max: 20_000 }),
      bytes: fc.integer({ min: 0, max: 4000 }),
      passMs: fc.integer({ min: 0, max: 5000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = makeStore({ storageBytesMax: 9000, ttlMaxMs: 20_000 });
        let elapsedMs = 0;
        for (const { passMs, bytes, ...rest } of steps) {
          elapsedMs += passMs;
          store.expire(later(elapsedMs), 1000);
          store.merge(record({ ...rest, value: new Uint8Array(bytes) }), later(elapsedMs));
          expect(store.audit()).toEqual([]);
          expect(store.counts().usedBytes).toBeLessThanOrEqual(9000 + 3 * 300);
        }
      }),
    );
  });

  it('sweeps over everything in steps without finding fault', () => {
    const store = makeStore({ storageBytesMax: 10_000_000 });
    for (let i = 0; i < 25; i += 1) store.merge(record({ key: `k${i}` }), START);
    store.beginSweep();
    for (let i = 0; i < 3; i += 1) store.sweep(START, 10);
    expect(store.counts()).toMatchObject({ sweeps: 1, overdue: 0 });
  });
});

describe('a large value', () => {
  const LARGE = 100_000;

  /** A value that is part of a larger buffer. */
  function within(bufferBytes: number): Uint8Array {
    return new Uint8Array(bufferBytes).fill(7).subarray(bufferBytes - LARGE);
  }

  function kept(value: Uint8Array): Uint8Array {
    const store = makeStore();
    expect(store.merge(record({ value, ttlMs: 60_000 }), START)).toBe('stored');
    const found = store.get('k', START.monoMs)?.value ?? null;
    if (found === null) throw new Error('the value is not there');
    return found;
  }

  it('stays in the buffer that it fills but for a head, which is not copied', () => {
    const value = within(LARGE + 1000);
    expect(kept(value).buffer).toBe(value.buffer);
  });

  it('leaves a buffer of which it is a part', () => {
    const value = kept(within(LARGE + 50_000));
    expect(value).toHaveLength(LARGE);
    expect(value.buffer.byteLength).toBe(LARGE);
  });
});
