// The scripts of servers are played here: what they are asked for at a time, and what they answer.
import { Buckets, CLUSTER_BUCKETS as BUCKETS } from './buckets';
import { Listing } from './listing';
import { LISTED_KEY_BYTES } from './scripts';
import type { Argument } from './wire-writer';

const PAGE_BYTES = 128 * 1024;
const buckets = Buckets.of('c', true);

const byName = (a: Buffer, b: Buffer): number => Buffer.compare(a, b);
const sizeOf = (keys: readonly Buffer[]): number =>
  keys.reduce((sum, { length }) => sum + length + LISTED_KEY_BYTES, 0);

/** All buckets, and how many bytes of keys were answered. */
class Indexes {
  answeredBytes = 0;
  private readonly all: readonly Buffer[][] = Array.from({ length: BUCKETS }, () => []);

  constructor(keys: readonly string[]) {
    for (const key of keys) this.all[buckets.of(Buffer.from(key))].push(Buffer.from(key));
    for (const each of this.all) each.sort(byName);
  }

  /** As LIST answers; the answer is as long as the node says that it may be, at most. */
  runScript(bucket: number, _script: object, args: readonly Argument[], answerBytes: number) {
    const [, least, , most, bytesMax] = args as readonly [Buffer, Buffer, Buffer, string, string];
    const start = least.toString() === '-' ? 0 : this.after(bucket, least.subarray(1));
    const found = this.all[bucket].slice(start, start + Number(most));
    let end = 1;
    while (end < found.length && sizeOf(found.slice(0, end + 1)) <= Number(bytesMax)) end += 1;
    const keys = found.slice(0, end);
    this.answeredBytes += sizeOf(keys);
    expect(sizeOf(keys)).toBeLessThanOrEqual(answerBytes);
    const isMore = end < found.length || found.length === Number(most);
    return Promise.resolve([isMore ? keys[keys.length - 1] : Buffer.alloc(0), keys]);
  }

  private after(bucket: number, key: Buffer): number {
    const at = this.all[bucket].findIndex((each) => byName(each, key) > 0);
    return at < 0 ? this.all[bucket].length : at;
  }
}

const KINDS: readonly (readonly [string, (at: number) => string])[] = [
  ['short keys', (at) => `k${at}`],
  ['keys of a thousand bytes', (at) => `${at}-`.padEnd(1000, 'x')],
  ['keys in any script', (at) => `${at % 2 === 0 ? 'é' : '🌱'}${at}`],
];

it.each(KINDS)('a list of many %s comes in pages of bounded bytes, in order', async (_kind, keyOf) => {
  const keys = Array.from({ length: 3000 }, (_, at) => keyOf(at));
  const indexes = new Indexes(keys);
  const listing = new Listing(indexes, buckets, PAGE_BYTES);
  const seen: string[] = [];
  for (let cursor: string | null = '', pages = 0; cursor !== null; pages += 1) {
    expect(pages).toBeLessThan(keys.length);
    indexes.answeredBytes = 0;
    const page = await listing.page('', 0, cursor);
    expect(sizeOf(page.keys.map((key) => Buffer.from(key)))).toBeLessThanOrEqual(PAGE_BYTES);
    // The page, and what is left of the slices: some of a key more for each of them.
    expect(indexes.answeredBytes).toBeLessThanOrEqual(2 * PAGE_BYTES + BUCKETS * 1100);
    seen.push(...page.keys);
    cursor = page.nextCursor;
  }
  const sorted = keys.map((key) => Buffer.from(key)).sort(byName);
  expect(seen).toEqual(sorted.map(String));
});

it('a page with a limit ends with the limit, and says where to go on where there is more', async () => {
  const listing = new Listing(new Indexes(['a', 'b', 'c']), buckets, PAGE_BYTES);
  expect(await listing.page('', 2, '')).toEqual({ keys: ['a', 'b'], nextCursor: 'b' });
  expect(await listing.page('', 3, '')).toEqual({ keys: ['a', 'b', 'c'], nextCursor: null });
});

it('a key that is longer than a page may be is a page by itself', async () => {
  const keys = ['a', 'b', 'c'].map((letter) => letter.repeat(1000));
  const listing = new Listing(new Indexes(keys), buckets, 500);
  expect(await listing.page('', 0, '')).toEqual({ keys: [keys[0]], nextCursor: keys[0] });
  expect(await listing.page('', 0, keys[1])).toEqual({ keys: [keys[2]], nextCursor: null });
});
