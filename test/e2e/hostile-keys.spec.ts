// Listings of 10,000 keys under every limit and cursor that makes trouble.
import { Victims } from '../support/processes/victims';
import { until } from '../support/basics/until';

const KEYS = 10_000;
const ODD = [
  '\u0001',
  '%',
  '%ZZ',
  '"',
  '\\',
  '\n',
  '🌱',
  '\uffff',
  '\u{10ffff}',
  '__proto__',
  '../x',
  'a b',
  'ü',
];

let victims: Victims;
let all: string[];
beforeAll(async () => {
  victims = await Victims.start(1);
  const { engine } = victims.first;
  const made = [
    ...ODD,
    ...Array.from({ length: KEYS - ODD.length }, (_, i) => `key/${String(i).padStart(5, '0')}`),
  ];
  await Promise.all(made.map((key) => engine.put(Buffer.from(key), Buffer.from('v'), 3_600_000, 'one')));
  all = [...made, 'small', 'empty', 'large', 'with/slash und ü'].sort((a, b) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
});
afterAll(async () => {
  await victims.expectUnharmed();
  await victims.stop();
});

interface Page {
  readonly keys: string[];
  readonly next_cursor?: string;
}

async function page(query: string): Promise<Page> {
  const answer = await fetch(victims.url(`/keys${query}`));
  expect(answer.status).toBe(200);
  return (await answer.json()) as Page;
}

it.each([1000, 999, 4097, KEYS + 3, KEYS + 4, KEYS + 5, 100_000])(
  'pages of %d hold every key once',
  async (limit) => {
    const found: string[] = [];
    for (let cursor = ''; ;) {
      const { keys, next_cursor: next } = await page(`?limit=${String(limit)}${cursor}`);
      found.push(...keys);
      if (next === undefined) break;
      expect(keys).toHaveLength(limit);
      cursor = `&cursor=${next}`;
    }
    expect(found).toEqual(all);
  },
);

it('pages of one hold every odd key once', async () => {
  for (const key of ODD) {
    const behind = Buffer.from(all[all.indexOf(key) - 1] ?? '\0').toString('base64url');
    expect((await page(`?limit=1&cursor=${behind}`)).keys).toEqual([key]);
  }
});

it.each([
  '0',
  '-1',
  '+1',
  '1.5',
  '1e3',
  '0x10',
  ' 1',
  '1%20',
  'NaN',
  'Infinity',
  '',
  '100001',
  '999999999999999999999',
  '١',
  '1,2',
  '%00',
  '1%00',
  'null',
  '[]',
  '{}',
])('a limit of %j is refused', async (limit) => {
  const answer = await fetch(victims.url(`/keys?limit=${limit}`));
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: 'query-invalid' });
});

it.each([
  ['nothing', ''],
  ['another alphabet', '%2B%2F%3D'],
  ['broken encoding', '%ZZ'],
  ['null bytes', '%00'],
  ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe]).toString('base64url')],
  ['a key above the limit', Buffer.alloc(4097, 'x').toString('base64url')],
  ['30,000 characters', 'A'.repeat(15_000)],
  ['a dangling bit', 'YR'],
])('a cursor of %s is refused', async (_what, cursor) => {
  const answer = await fetch(victims.url(`/keys?limit=10&cursor=${cursor}`));
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: 'query-invalid' });
});

it.each(['limit=1&limit=2', 'cursor=YQ&cursor=YQ', 'prefix=a&prefix=b', 'limit[]=1', 'limit=1&limit'])(
  'parameters given as %s are refused, never half believed',
  async (query) => {
    const answer = await fetch(victims.url(`/keys?${query}`));
    expect(answer.status).toBe(400);
  },
);

it('a cursor behind the last key, or made up, gives what is behind it', async () => {
  const cursorOf = (key: string): string => Buffer.from(key).toString('base64url');
  expect(await page(`?limit=5&cursor=${cursorOf(all.at(-1) ?? '')}`)).toEqual({ keys: [] });
  expect((await page(`?limit=2&cursor=${cursorOf('key/00000zzz')}`)).keys).toEqual([
    'key/00001',
    'key/00002',
  ]);
  expect((await page(`?limit=1&prefix=key/&cursor=${cursorOf('zzz')}`)).keys).toEqual([]);
});

it('a hundred full listings at once are answered or sent away, and one by one all are answered', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => fetch(victims.url('/keys'))));
  for (const answer of answers) {
    expect([200, 503]).toContain(answer.status);
    if (answer.status === 503) expect(answer.headers.get('retry-after')).toBe('1');
    else expect(((await answer.json()) as Page).keys).toHaveLength(all.length);
  }
  expect((await page('')).keys).toEqual(all);
});

it('listings that are hung up on do not keep the next from theirs', async () => {
  for (let round = 0; round < 30; round += 1) {
    const hangUp = new AbortController();
    const given = fetch(victims.url('/keys'), { signal: hangUp.signal }).catch(() => null);
    hangUp.abort();
    await given;
  }
  // Sooner than the ten seconds after which a turn ends of itself.
  const whole = async (): Promise<boolean> => (await page('')).keys.length === all.length;
  await until(whole, 'a whole listing');
});
