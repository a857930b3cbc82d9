import request from 'supertest';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { parseMetrics } from '../support/http/prometheus';
import { ByteConnection, statusOf } from '../support/http/byte-connection';
import { until } from '../support/basics/until';

let node: FakeNode;
beforeEach(async () => {
  node = await startFakeNode();
});
afterEach(async () => node.close());

const http = () => request(node.url);
const put = (key: string, ttlMs = 60_000) =>
  node.engine.put(Buffer.from(key), Buffer.from('v'), ttlMs, 'one');

it('lists nothing as an empty list', async () => {
  await http().get('/keys').expect(200, '{"keys":[]}');
  await http().get('/scan').expect(200, '{"keys":[]}');
});

it('lists keys in bytewise order, filtered by a prefix in any script', async () => {
  for (const key of ['b', 'a/2', 'a/1', '\ue000', '🌱', 'ü/x']) await put(key);
  expect((await http().get('/keys').expect(200)).body).toEqual({
    keys: ['a/1', 'a/2', 'b', 'ü/x', '\ue000', '🌱'],
  });
  expect((await http().get('/keys?prefix=a/')).body).toEqual({ keys: ['a/1', 'a/2'] });
  expect((await http().get('/scan?prefix=%C3%BC')).body).toEqual({ keys: ['ü/x'] });
});

it('walks all pages with opaque cursors, each key once, and ends without a cursor', async () => {
  const keys = Array.from({ length: 23 }, (_, index) => `k€${String(index).padStart(2, '0')}`);
  for (const key of keys) await put(key);
  const seen: string[] = [];
  let query = '?limit=5';
  for (let pages = 1; ; pages++) {
    const { body } = await http().get(`/keys${query}`).expect(200);
    seen.push(...(body.keys as string[]));
    if (body.next_cursor === undefined) {
      expect(pages).toBe(5);
      break;
    }
    expect(body.next_cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    query = `?limit=5&cursor=${body.next_cursor}`;
  }
  expect(seen).toEqual(keys);
});

it('has a limit but no cursor on the earlier name', async () => {
  for (const key of ['a', 'b', 'c']) await put(key);
  await http()
    .get('/scan?limit=2')
    .expect(200, { keys: ['a', 'b'] });
});

it('lists no key that has expired', async () => {
  await put('brief', 30);
  await put('long');
  await until(async () => (await http().get('/keys')).body.keys.length < 2, 'the brief key to go');
  expect((await http().get('/keys')).body.keys).toEqual(['long']);
});

it('sends a hundred thousand keys, whole and in order', async () => {
  const keys = Array.from({ length: 100_000 }, (_, index) => `k${String(index).padStart(6, '0')}`);
  jest.spyOn(node.engine, 'list').mockResolvedValue({ keys, nextCursor: null });
  const answers = await Promise.all([1, 2, 3].map(() => http().get('/keys').expect(200)));
  for (const { body } of answers) expect(body).toEqual({ keys });
});

it.each([
  ['limit=0', 'limit', '"0"' /* shown as the number it was read as */],
  ['limit=100001', 'limit', '100001'],
  ['limit=-1', 'limit', '"-1"'],
  ['limit=1.5', 'limit', '"1.5"'],
  ['limit=0x10', 'limit', '"0x10"'],
  ['limit=', 'limit', '""'],
  ['limit=5&limit=6', 'limit', '["5","6"]'],
  ['prefix=%FF', 'prefix', '"%FF"'],
  ['prefix=a&prefix=b', 'prefix', '["a","b"]'],
  [`prefix=${'p'.repeat(4097)}`, 'prefix', '4097'],
  ['cursor=', 'cursor', '""'],
  ['cursor=a%2Fb', 'cursor', '"a/b"'],
  ['cursor=_w', 'cursor', '"_w"'],
])('refuses %s and names field and value', async (query, field, given) => {
  const { body } = await http().get(`/keys?${query}`).expect(400);
  expect(body.code).toBe('query-invalid');
  expect(body.detail).toContain(field);
  expect(body.detail).toContain(given.replace('"0"', '0'));
});

it('names every wrong field in one answer', async () => {
  const { body } = await http().get('/keys?limit=x&cursor=%25').expect(400);
  expect(body.detail).toContain('limit must be a whole number from 1 to 100000');
  expect(body.detail).toContain('cursor must be');
});

it('waits while the node is filling up, and lists as soon as it is ready', async () => {
  await put('k');
  node.engine.currentState = 'syncing';
  const listing = http()
    .get('/keys')
    .then((response) => response);
  await http().get('/health/live').expect(200);
  node.engine.currentState = 'ready';
  expect((await listing).body).toEqual({ keys: ['k'] });
});

it('says 503 when filling up takes longer than two seconds', async () => {
  node.engine.currentState = 'starting';
  const startMs = performance.now();
  const response = await http().get('/keys').expect(503);
  expect(performance.now() - startMs).toBeGreaterThan(1900);
  expect(response.body.code).toBe('syncing');
  expect(response.headers['retry-after']).toBe('1');
});

it.each(['/keys', '/keys?limit=1', '/v1/keys', '/scan'])(
  'says 503 to %s as long as it calls nothing absent, though it is ready, and lists when that is over',
  async (path) => {
    await put('k');
    node.engine.holdsAll = false;
    const { body } = await http().get(path).expect(503);
    expect(body.code).toBe('syncing');
    node.engine.holdsAll = true;
    expect((await http().get(path).expect(200)).body).toEqual({ keys: ['k'] });
  },
);

it('makes one full listing at a time and turns away more than sixteen in waiting', async () => {
  let running = 0;
  let most = 0;
  const finish: (() => void)[] = [];
  jest.spyOn(node.engine, 'list').mockImplementation(async () => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => finish.push(resolve));
    running--;
    return { keys: ['k'], nextCursor: null };
  });
  const statuses: number[] = [];
  for (let count = 0; count < 20; count++) {
    void http()
      .get('/keys')
      .then(({ status }) => statuses.push(status));
  }
  await until(() => statuses.length >= 3, 'three listings to be turned away');
  expect(statuses).toEqual([503, 503, 503]);
  await until(() => {
    finish.shift()?.();
    return statuses.length === 20;
  }, 'the other listings to be answered');
  expect(statuses.slice(3)).toEqual(Array(17).fill(200));
  expect(most).toBe(1);
});

describe('pages', () => {
  let asked: { readonly gone: AbortSignal | undefined; readonly finish: () => void }[];
  beforeEach(() => {
    asked = [];
    jest.spyOn(node.engine, 'list').mockImplementation(async (_prefix, _limit, _cursor, gone) => {
      await new Promise<void>((finish) => asked.push({ gone, finish }));
      return { keys: ['k'], nextCursor: null };
    });
  });

  const open = async (): Promise<number> => {
    const text = await (await fetch(`${node.url}/metrics`)).text();
    return parseMetrics(text).get('repram_connections') ?? NaN;
  };

  const ask = (): ByteConnection => {
    const connection = ByteConnection.start(node.port);
    void connection.write('GET /keys?limit=10 HTTP/1.1\r\nHost: h\r\n\r\n');
    return connection;
  };

  it('are made one at a time, and more than 64 in waiting are turned away', async () => {
    const connections = Array.from({ length: 70 }, ask);
    const statuses = (): number[] => connections.map(({ answer }) => statusOf(answer));
    await until(() => statuses().filter((status) => status === 503).length >= 5, 'five to be turned away');
    expect(asked).toHaveLength(1);
    await until(() => {
      asked.shift()?.finish();
      return statuses().every((status) => status > 0);
    }, 'the others to be answered');
    expect(statuses().filter((status) => status === 200)).toHaveLength(65);
    for (const connection of connections) connection.destroy();
  });

  it('are made for nobody who has gone, whether they wait or are under way', async () => {
    const connections = Array.from({ length: 10 }, ask);
    await until(async () => (await open()) >= 10, 'all to be there');
    for (const connection of connections) connection.destroy();
    await until(async () => (await open()) <= 2, 'all to be gone');
    expect(asked.map(({ gone }) => gone?.aborted)).toEqual([true]);
    asked[0].finish();
    const last = ask();
    await until(() => asked.length >= 2, 'the last to be under way');
    asked[1].finish();
    expect(await last.status()).toBe(200);
    expect(asked).toHaveLength(2);
    last.destroy();
  });
});
