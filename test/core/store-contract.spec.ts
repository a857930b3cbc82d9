// What a store must do, whatever it is made of: the same as a few plain maps, through any history.
import fc from 'fast-check';
import type { Now } from '../../src/core/base/now';
import { HLC_TICKS_PER_MS } from '../../src/core/base/version';
import { chargedBytes, INLINE_BYTES_MAX, type Entry } from '../../src/core/store/entry';
import { Store, type StoreSettings } from '../../src/core/store/store';
import { ORIGIN_A, ORIGIN_B, record } from '../support/core/records';
import { StoreModel } from '../support/core/store-model';

const HOUR_MS = 3_600_000;
const CHANGES = 50_000;
const SETTINGS: StoreSettings = { ttlMaxMs: HOUR_MS, storageBytesMax: 40_000, clockOffsetMaxMs: 10_000 };
const KEYS = ['a', 'b', 'c', 'key/d', 'key/e', '\u00e9\u0080'.repeat(40), 'k'.repeat(700)];

/** A store and its model, with everything that was ever handed out. */
class Pair {
  readonly model: StoreModel;
  private readonly store: Store;
  private readonly expired: string[] = [];
  private readonly handedOut: [Entry, string][] = [];
  private elapsedMs = 0.25;
  private walk: OpenWalk | null = null;

  constructor(settings: StoreSettings) {
    this.model = new StoreModel(settings, chargedBytes);
    this.store = new Store(settings, { ended: ({ keyText }) => this.expired.push(keyText) }, 11);
  }

  pass(ms: number): void {
    this.elapsedMs += ms;
  }

  put(fields: Parameters<typeof record>[0]): void {
    const incoming = record(fields);
    const given = record({ ...fields, value: incoming.value === null ? null : incoming.value.slice() });
    expect(this.store.lacksRoom(given.key, 100)).toBe(this.model.lacksRoom(given.key, 100));
    expect(this.store.merge(given, this.now())).toBe(this.model.merge(incoming, this.now()));
  }

  /** The same version again, with its bytes. */
  fill(key: string, bytes: number): void {
    const held = this.model.peek(key);
    if (held === undefined) return;
    const { hlc, origin, seq, ttlMs, supersedesUntilMs } = held;
    this.put({ key, hlc, origin, seq, ttlMs, supersedesUntilMs, value: new Uint8Array(bytes).fill(5) });
  }

  expire(budget: number): void {
    this.expired.length = 0;
    for (let rounds = 0; rounds < 10_000 && this.store.expire(this.now(), budget) > 0; rounds += 1);
    this.model.expire(this.now(), this.expired);
  }

  sweep(): void {
    this.expire(2000);
    const { sweeps } = this.store.counts();
    this.store.beginSweep();
    for (let steps = 0; steps < 1000 && this.store.isSweeping; steps += 1) this.store.sweep(this.now(), 2);
    expect(this.store.counts().sweeps).toBe(sweeps + 1);
  }

  /** Goes on with the walk under way, or begins one. */
  step(steps: number): void {
    this.walk ??= new OpenWalk(this.store.entries(), this.model);
    for (let i = 0; i < steps && this.walk !== null; i += 1) if (this.walk.step()) this.walk = null;
    this.walk?.forgetWhatIsGone();
  }

  leave(): void {
    this.walk?.leave();
    this.walk = null;
  }

  /** After every step: whatever can be asked has the same answer. */
  check(): void {
    this.walk?.forgetWhatIsGone();
    const { store, model } = this;
    const { monoMs } = this.now();
    for (const key of KEYS) {
      expect(plain(store.peek(key))).toEqual(plain(model.peek(key)));
      expect(plain(store.get(key, monoMs))).toEqual(plain(model.get(key, monoMs)));
      expect(store.has(key)).toBe(model.peek(key) !== undefined);
      this.remember(store.peek(key));
      this.remember(store.get(key, monoMs) ?? undefined);
    }
    expect(store.counts()).toMatchObject({
      keys: model.live.size,
      stubs: model.stubs.size,
      usedBytes: model.usedBytes(),
      valueBytes: model.valueBytes(),
      droppedEarly: model.droppedEarly,
      overdue: 0,
    });
    expect(store.tree.root()).toEqual(model.root());
  }

  /** Now and then: the order, the walks, the books, and that nothing handed out has changed. */
  recount(): void {
    const { monoMs } = this.now();
    expect(this.store.audit()).toEqual([]);
    expect([...this.store.entries()].map(plain)).toEqual([...this.model.entries()].map(plain));
    const live = [...this.model.live.values()].filter(({ expiresAtMs }) => monoMs < expiresAtMs);
    const keys = live.map(({ key }) => key);
    expect([...this.store.liveKeys(monoMs)]).toEqual(keys);
    expect([...this.store.liveKeys(monoMs, 'key/')]).toEqual(keys.filter((key) => key.startsWith('key/')));
    expect(this.handedOut.filter(([entry, text]) => entry.value?.join() !== text)).toEqual([]);
  }

  private remember(entry: Entry | undefined): void {
    if (entry?.value && entry.value.byteLength <= 64) this.handedOut.push([entry, entry.value.join()]);
  }

  private now(): Now {
    return { monoMs: this.elapsedMs, wallMs: 1_000_000 + this.elapsedMs };
  }
}

/** Meets once whatever is there throughout, and nothing that is not there when it is met. */
class OpenWalk {
  private readonly met = new Set<string>();
  private readonly throughout: Set<string>;

  constructor(
    private readonly walk: IterableIterator<Entry>,
    private readonly model: StoreModel,
  ) {
    this.throughout = new Set([...model.entries()].map(nameOf));
  }

  /** True at the end. */
  step(): boolean {
    const next = this.walk.next();
    if (next.done === true) {
      this.forgetWhatIsGone();
      for (const name of this.throughout) expect(this.met).toContain(name);
      return true;
    }
    expect(plain(next.value)).toEqual(plain(this.model.peek(next.value.key)));
    const name = nameOf(next.value);
    expect(this.met).not.toContain(name);
    this.met.add(name);
    return false;
  }

  forgetWhatIsGone(): void {
    const there = new Set([...this.model.entries()].map(nameOf));
    for (const name of this.throughout) if (!there.has(name)) this.throughout.delete(name);
  }

  leave(): void {
    this.walk.return?.();
  }
}

/** The same with its bytes as text, which is compared faster. */
function plain(entry: Entry | null | undefined): object | null {
  if (!entry) return null;
  const { value, ...rest } = entry;
  return { ...rest, value: value === null ? null : Buffer.from(value).toString('latin1') };
}

function nameOf({ key, hlc, origin, holding }: Entry): string {
  return `${key} ${hlc} ${origin} ${holding}`;
}

const key = fc.constantFrom(...KEYS);
const bytes = fc.oneof(
  fc.integer({ min: 0, max: 60 }),
  fc.integer({ min: 100, max: 3000 }),
  fc.integer({ min: INLINE_BYTES_MAX - 2, max: INLINE_BYTES_MAX + 2000 }),
);
const put = fc.record({
  key,
  atMs: fc.integer({ min: 990_000, max: 1_010_000 }),
  origin: fc.constantFrom(ORIGIN_A, ORIGIN_B, 'c'.repeat(16)),
  seq: fc.integer({ min: 0, max: 2 ** 40 }),
  ttlMs: fc.oneof(fc.integer({ min: 1, max: 30_000 }), fc.constantFrom(2500.5, HOUR_MS)),
  ageMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20_000 })),
  supersedesUntilMs: fc.constantFrom(0, 0, 1_000_000.5, 1_500_000),
  value: fc.option(
    fc.tuple(bytes, fc.nat(255)).map(([length, byte]) => new Uint8Array(length).fill(byte)),
    { freq: 10 },
  ),
});

type Command = (pair: Pair) => void;
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 12,
    arbitrary: put.map(
      (fields): Command =>
        (pair) =>
          pair.put(fields),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(key, bytes).map(
      ([k, n]): Command =>
        (pair) =>
          pair.fill(k, n),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(1, 7, 2000).map(
      (n): Command =>
        (pair) =>
          pair.expire(n),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 0, max: 3000 }).map(
      (ms): Command =>
        (pair) =>
          pair.pass(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(HOUR_MS / 3, HOUR_MS).map(
      (ms): Command =>
        (pair) =>
          pair.pass(ms),
    ),
  },
  { weight: 1, arbitrary: fc.constant((pair: Pair) => pair.sweep()) },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 3 }).map(
      (n): Command =>
        (pair) =>
          pair.step(n),
    ),
  },
  { weight: 1, arbitrary: fc.constant((pair: Pair) => pair.leave()) },
  { weight: 2, arbitrary: fc.constant((pair: Pair) => pair.recount()) },
);

describe('a store', () => {
  it.each([40_000, 12_000, 3000])('is what plain maps are, with a limit of %i bytes', (storageBytesMax) => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 20, maxLength: 120 }), (commands) => {
        const pair = new Pair({ ...SETTINGS, storageBytesMax });
        for (const each of commands) {
          each(pair);
          pair.check();
        }
        pair.recount();
      }),
      { numRuns: 40 },
    );
  });

  it('keeps a thousand keys apart through fifty thousand changes, and remembers all of them', () => {
    const store = new Store({ ...SETTINGS, storageBytesMax: 40_000_000 }, {}, 3);
    const at = (i: number): Now => ({ monoMs: i, wallMs: 1_000_000 + i });
    const lengthOf = (i: number): number => (i % 50 === 0 ? INLINE_BYTES_MAX + 1 + (i % 90) : (i * 31) % 900);
    const newest = new Map<string, number>();
    for (let i = 0; i < CHANGES; i += 1) {
      const name = `key-${(i * 7919) % 1009}`;
      const value = new Uint8Array(lengthOf(i)).fill(i);
      const hlc = (1_000_000 + i) * HLC_TICKS_PER_MS;
      store.merge(record({ key: name, hlc, seq: i, value, ttlMs: i % 3 === 0 ? 1500 : HOUR_MS }), at(i));
      newest.set(name, i);
      if (i % 200 === 0) store.expire(at(i), 2000);
    }
    store.expire(at(CHANGES), 2000);
    expect(store.audit()).toEqual([]);
    for (const [name, i] of newest) {
      const entry = store.peek(name);
      const isOver = i % 3 === 0 && i < CHANGES - 1600;
      const value = isOver ? null : String.fromCharCode(i & 255).repeat(lengthOf(i));
      if (isOver || i % 3 !== 0) expect(plain(entry)).toMatchObject({ seq: i, value });
    }
  });
});
