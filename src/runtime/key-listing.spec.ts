import fc from 'fast-check';
import { KeyListing, type KeyRange } from './key-listing';

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
          expect(await new KeyListing().list(() => all, { prefix, cursor, enough })).toEqual(first);
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
    const listed = await new KeyListing().list(() => keys, ALL);
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
    const listed = await new KeyListing().list(() => store.keys(), ALL);
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
    await expect(fine).resolves.toEqual(['a']);
    expect(listing.backlog).toBe(0);
  });

  it('finds the first of many keys, and walks on past those that are behind them', async () => {
    const keys = Array.from({ length: 60_000 }, (_, i) => String((i * 7919) % 60_000).padStart(5, '0'));
    const first = await new KeyListing().list(() => keys, { prefix: '', cursor: '00009', enough: 20 });
    expect(first).toEqual(Array.from({ length: 20 }, (_, i) => String(10 + i).padStart(5, '0')));
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
    expect(await listing.list(() => ['a'], ALL)).toEqual(['a']);
  });
});
