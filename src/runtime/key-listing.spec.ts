import fc from 'fast-check';
import { KeyListing } from './key-listing';

describe('the key listing', () => {
  it('gives exactly the keys with the prefix behind the cursor, once each, in order', async () => {
    const keys = fc.array(fc.stringMatching(/^[ab]{0,4}$/));
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.constantFrom('', 'a', 'ab'),
        fc.constantFrom('', 'ab', 'b'),
        async (all, prefix, cursor) => {
          const expected = [...new Set(all)].filter(
            (key) => key.startsWith(prefix) && (cursor === '' || key > cursor),
          );
          expect(await new KeyListing().list(() => all, prefix, cursor)).toEqual(expected.sort());
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
    const listed = await new KeyListing().list(() => keys, '', '');
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
    const listed = await new KeyListing().list(() => store.keys(), '', '');
    clearInterval(timer);
    expect(listed).toHaveLength(20_000);
    expect(new Set(listed).size).toBe(20_000);
  });

  it('works on one listing at a time and goes on after a failure', async () => {
    const listing = new KeyListing();
    const failing = listing.list(
      () => {
        throw new Error('broken');
      },
      '',
      '',
    );
    const fine = listing.list(() => ['a'], '', '');
    expect(listing.backlog).toBe(2);
    await expect(failing).rejects.toThrow('broken');
    await expect(fine).resolves.toEqual(['a']);
    expect(listing.backlog).toBe(0);
  });
});
