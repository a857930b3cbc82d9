import fc from 'fast-check';
import type { KeyPage } from './data-engine';
import { KEY_OVERHEAD_BYTES, KeyListing, type KeyRange } from './key-listing';

const ALL: KeyRange = { prefix: '', cursor: '', enough: 0 };

describe('the key listing', () => {
  it('gives exactly the keys with the prefix behind the cursor, once each, in order', async () => {
    const keys = fc.array(fc.stringMatching(/^[ab]{0,4}$/));
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.constantFrom('', 'a', 'ab'),
        fc.constantFrom('', 'ab', 'b'),
        fc.constantFrom(0, 1, 3, 100),
        async (all, prefix, cursor, enough) => {
          const expected = [...new Set(all)].filter(
            (key) => key.startsWith(prefix) && (cursor === '' || key > cursor),
          );
          const first = enough === 0 ? expected.sort() : expected.sort().slice(0, enough);
          const found = await new KeyListing().list(() => all, { prefix, cursor, enough });
          expect(found).toEqual({ keys: first, isCut: false });
        },
      ),
    );
  });

  it('lets other work happen while it lists many keys', async () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `k${(i * 7919) % 50_000}`);
    let turns = 0;
    let done = false;
    const count = (): void => {
      turns += 1;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    const { keys: listed } = await new KeyListing(Infinity).list(() => keys, ALL);
    done = true;
    expect(listed).toEqual([...keys].sort());
    expect(turns).toBeGreaterThan(20);
  });

  it('holds a key exactly once that is overwritten again and again during the listing', async () => {
    const store = new Map(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 0]));
    const overwrite = (): void => {
      for (const key of ['k1', 'k19999']) {
        store.delete(key);
        store.set(key, 1);
      }
    };
    const timer = setInterval(overwrite, 0);
    const { keys: listed } = await new KeyListing(Infinity).list(() => store.keys(), ALL);
    clearInterval(timer);
    expect(listed).toHaveLength(20_000);
    expect(new Set(listed).size).toBe(20_000);
  });

  it('works on one listing at a time and goes on after a failure', async () => {
    const listing = new KeyListing();
    const failing = listing.list(() => {
      throw new Error('broken');
    }, ALL);
    const fine = listing.list(() => ['a'], ALL);
    expect(listing.backlog).toBe(2);
    await expect(failing).rejects.toThrow('broken');
    await expect(fine).resolves.toEqual({ keys: ['a'], isCut: false });
    expect(listing.backlog).toBe(0);
  });

  it('finds the first of many keys, and walks on past those that are behind them', async () => {
    const keys = Array.from({ length: 60_000 }, (_, i) => String((i * 7919) % 60_000).padStart(5, '0'));
    const range = { prefix: '', cursor: '00009', enough: 20 };
    const { keys: first } = await new KeyListing().list(() => keys, range);
    expect(first).toEqual(Array.from({ length: 20 }, (_, i) => String(10 + i).padStart(5, '0')));
  });

  it('gives all keys once over pages that keep to their bytes, whatever is asked for at a time', async () => {
    const keys = fc.uniqueArray(fc.stringMatching(/^[ab]{1,30}$/), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.integer({ min: 50, max: 400 }),
        fc.constantFrom(0, 1, 7),
        async (all, bytes, limit) => {
          const listing = new KeyListing(bytes);
          const found: string[] = [];
          let cursor: string | null = '';
          for (let pages = 0; cursor !== null && pages <= all.length; pages += 1) {
            const page: KeyPage = await listing.page(() => all, { prefix: '', limit, cursor });
            const held = page.keys.reduce((sum, key) => sum + key.length + KEY_OVERHEAD_BYTES, 0);
            if (page.keys.length > 1) expect(held).toBeLessThanOrEqual(bytes);
            found.push(...page.keys);
            cursor = page.nextCursor;
          }
          expect(found).toEqual([...all].sort());
        },
      ),
    );
  });

  it('sorts no more than a page of keys at a time, however many there are', async () => {
    let most = 0;
    const sort = jest.spyOn(Array.prototype, 'sort').mockImplementation(function (this: string[]) {
      most = Math.max(most, this.length);
      return this;
    });
    const listing = new KeyListing(100_000);
    const keys = Array.from({ length: 20_000 }, (_, i) => String(i).padStart(1000, '0'));
    const page = await listing.page(() => keys, { prefix: '', limit: 0, cursor: '' });
    sort.mockRestore();
    expect(page.keys).toHaveLength(95);
    expect(most).toBeLessThanOrEqual(100);
  });

  it('ends when nobody waits for it any more, and lets the next one begin', async () => {
    const listing = new KeyListing();
    const gone = new AbortController();
    let walked = 0;
    function* endless(): Generator<string> {
      for (; walked < 50_000_000; walked += 1) yield 'k';
    }
    const given = listing.list(endless, ALL, gone.signal);
    const waiting = listing.list(endless, ALL, gone.signal);
    setImmediate(() => gone.abort());
    await Promise.all([given, waiting]);
    expect(walked).toBeLessThan(50_000_000);
    expect((await listing.list(() => ['a'], ALL)).keys).toEqual(['a']);
  });
});
