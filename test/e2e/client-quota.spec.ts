// One client may not fill the store, be it for a day or for ever. Loopback stands for a public
// address here.
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { onGossipOnly } from '../support/redis/gossip-only';

const MB = 1_048_576;
const STORE = 64 * MB;
const DAY = 86_400;
const VALUE = Buffer.alloc(2 * MB);

let node: FakeNode;
afterEach(async () => node.close());

const started = async (settings: Parameters<typeof startFakeNode>[0] = {}): Promise<void> => {
  node = await startFakeNode({ quotaExempt: [], storageBytesMax: STORE, valueBytesMax: 4 * MB, ...settings });
};

const put = (key: string, ttl: number, value = VALUE, from?: string): Promise<Response> => {
  const headers: Record<string, string> = from === undefined ? {} : { 'x-forwarded-for': from };
  return fetch(`${node.url}/data/${key}?ttl=${ttl}`, { method: 'PUT', body: value, headers });
};

/** Statuses of writes of 2 MB under keys of their own. */
async function fill(count: number, ttl: number, from: (i: number) => string | undefined): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < count; i += 1) statuses.push((await put(`k${i}`, ttl, VALUE, from(i))).status);
  return statuses;
}
const taken = (statuses: readonly number[]): number => statuses.filter((status) => status === 201).length;
const alone = (): undefined => undefined;

const status = async (): Promise<Record<string, unknown>> => {
  const body = (await (await fetch(`${node.url}/status`)).json()) as Record<string, Record<string, unknown>>;
  return body.client_quota;
};

it('a client occupies a quarter of the store for the longest time, and is told when there is room again', async () => {
  await started();
  const statuses = await fill(50, DAY, alone);
  expect(taken(statuses)).toBe(7);
  expect(new Set(statuses)).toEqual(new Set([201, 429]));
  const refused = await put('more', DAY);
  const { code, detail } = (await refused.json()) as Record<string, string>;
  expect(code).toBe('client-quota');
  // Seven of 2 MB and their keys fall by 7 bytes a second and byte: the eighth fits when it falls
  // below what is left.
  const retryAfter = Number(refused.headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThan(1);
  expect(retryAfter).toBeLessThan(DAY / 7);
  const ttl = Number(/With a ttl of (\d+)/.exec(detail)?.[1]);
  expect((await put('more', ttl)).status).toBe(201);
  expect(await status()).toMatchObject({ percent: 25, addresses: 'socket', clients: 1, refused: 44 });
});

it('a client has half of the bytes at most, however short they live', async () => {
  await started();
  expect(taken(await fill(40, 300, alone))).toBe(15);
});

it('many tiny values count with what each takes of the store', async () => {
  await started({ storageBytesMax: MB / 4, valueBytesMax: 1, keyBytesMax: 10 });
  let stored = 0;
  while ((await put(`${stored}`, DAY, Buffer.alloc(1))).status === 201) stored += 1;
  const fitting = (0.25 * MB) / 4 / node.engine.chargedBytes(1, 1);
  expect(stored).toBeGreaterThan(0.85 * fitting);
  expect(stored).toBeLessThan(fitting);
});

onGossipOnly('a node that holds no values charges the whole of a write')(
  'writing a key again is charged only for what it adds',
  async () => {
    await started();
    for (let i = 0; i < 40; i += 1) expect((await put('same', DAY)).status).toBe(201);
  },
);

onGossipOnly('a node that holds no values charges the whole of a write')(
  'a client that only renews its values is never refused, whatever their lives',
  async () => {
    await started();
    const keys = Array.from({ length: 11 }, (_, i) => `k${i}`);
    const statuses: number[] = [];
    for (const ttl of [300, 900, 4000, 300, 900, 20_000, 300])
      for (const key of keys) statuses.push((await put(key, ttl)).status);
    expect(new Set(statuses)).toEqual(new Set([201]));
    // 22 of 32 MB are in use, and four further values find room.
    expect(
      taken(await Promise.all(['a', 'b', 'c', 'd', 'e'].map(async (key) => (await put(key, 300)).status))),
    ).toBe(4);
  },
);

it('a write that finds no room in the store is charged nothing', async () => {
  await started();
  node.engine.limitBytes = 0;
  expect(new Set(await fill(20, DAY, alone))).toEqual(new Set([507]));
  node.engine.limitBytes = STORE;
  expect(taken(await fill(20, DAY, alone))).toBe(7);
});

it('a value that is too large to live that long is told so, and what would fit', async () => {
  await started({ storageBytesMax: 4 * MB });
  const refused = await put('long', DAY);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBeNull();
  const { detail } = (await refused.json()) as Record<string, string>;
  const ttl = Number(/With a ttl of (\d+)/.exec(detail)?.[1]);
  expect(ttl).toBeGreaterThan(DAY / 3);
  expect((await put('long', ttl)).status).toBe(201);
});

it.each([
  ['exempt addresses', { quotaExempt: ['127.0.0.0/8'] }],
  ['a quota of 0', { clientQuotaPercent: 0 }],
])('%s means no quota', async (_, settings) => {
  await started(settings);
  expect(taken(await fill(20, DAY, alone))).toBe(20);
});

it('reads and other clients are not affected', async () => {
  await started({ trustProxy: ['127.0.0.0/8'] });
  await fill(10, DAY, () => '203.0.113.1');
  expect((await put('k10', DAY, VALUE, '203.0.113.1')).status).toBe(429);
  expect((await fetch(`${node.url}/data/k0`, { headers: { 'x-forwarded-for': '203.0.113.1' } })).status).toBe(
    200,
  );
  expect((await put('other', DAY, VALUE, '203.0.113.2')).status).toBe(201);
});

describe('forwarded addresses', () => {
  const invented = (i: number): string => `203.0.113.${i}`;

  it('that anybody may name win three shares in all', async () => {
    await started({ trustProxy: true });
    expect(taken(await fill(40, DAY, invented))).toBe(23);
    expect((await status()).addresses).toBe('any-proxy');
  });

  it('of a proxy that is not named are not believed, and that is said once', async () => {
    await started();
    expect(taken(await fill(10, DAY, invented))).toBe(7);
    expect(await status()).toMatchObject({ unnamed_proxy: true });
    expect(node.lines.filter(({ event }) => event === 'proxy-not-named')).toHaveLength(1);
  });

  it('of a named proxy are clients of their own', async () => {
    await started({ trustProxy: ['127.0.0.0/8'] });
    expect(taken(await fill(20, DAY, invented))).toBe(20);
    expect((await status()).addresses).toBe('named-proxies');
  });
});

describe('a small store', () => {
  const among = (nodes: number): void => {
    node.view.members = Array.from({ length: nodes - 1 }, () => ({
      state: 'alive',
    })) as typeof node.view.members;
  };

  it.each([
    [16, 1],
    [16, 3],
    [24, 3],
    [48, 3],
    [48, 5],
    [48, 10],
  ])('of %i MB is never filled by one client through all of its nodes (%i)', async (megabytes, nodes) => {
    await started({ storageBytesMax: megabytes * MB, valueBytesMax: 10 * MB });
    among(nodes);
    const value = Buffer.alloc(MB / 2);
    let bytes = 0;
    while ((await put(`k${bytes}`, 300, value)).status === 201) bytes += value.length;
    expect(bytes * nodes).toBeLessThanOrEqual(0.75 * megabytes * MB);
    expect(bytes).toBeGreaterThan(0);
  });

  it('takes a largest value from a client where three shares have room for one', async () => {
    await started({ storageBytesMax: 48 * MB, valueBytesMax: 10 * MB });
    among(3);
    expect((await put('largest', 300, Buffer.alloc(10 * MB))).status).toBe(201);
  });

  it('says of a value beyond that what one client may occupy, and no second at which it would fit', async () => {
    await started({ storageBytesMax: 16 * MB, valueBytesMax: 10 * MB });
    among(3);
    const refused = await put('largest', 300, Buffer.alloc(10 * MB));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
    expect(((await refused.json()) as { detail: string }).detail).toContain(`${4 * MB} bytes`);
  });
});

it('the share is divided among the nodes that a client may write to', async () => {
  await started();
  node.view.members = [
    { state: 'alive' },
    { state: 'alive' },
    { state: 'alive' },
  ] as typeof node.view.members;
  expect(taken(await fill(10, DAY, alone))).toBe(1);
});
