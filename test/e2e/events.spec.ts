import request from 'supertest';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { EventReader } from '../support/http/event-reader';
import { parseMetrics } from '../support/http/prometheus';
import { until } from '../support/basics/until';
import type { NodeSettings } from '../../src/config/settings';
import { Channel } from '../../src/modules/events/channel';

let node: FakeNode;
const readers: EventReader[] = [];

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await node.close();
});

async function start(settings: Partial<NodeSettings> = {}): Promise<void> {
  node = await startFakeNode(settings);
}

async function open(query = '', lastId = ''): Promise<EventReader> {
  const reader = await EventReader.open(node.port, query, lastId);
  readers.push(reader);
  await until(() => reader.text.includes('retry: '), 'the stream to begin');
  return reader;
}

const put = (key: string, value: string | Buffer = 'v', ttlMs = 60_000) =>
  node.engine.put(Buffer.from(key), Buffer.from(value), ttlMs, 'one');

describe('a stream of events', () => {
  it('tells what comes and what ends, with versions, sizes and what is left', async () => {
    await start();
    const reader = await open();
    await put('a/1', 'hello', 150);
    const [expired] = await reader.untilHas('expire');
    const [told] = reader.of('put');
    expect(told).toMatchObject({ key: 'a/1', ttl_seconds: 0.15, size: 5, origin: node.engine.origin });
    expect(told.remaining_seconds).toBeLessThanOrEqual(0.15);
    expect(told.created_at).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(told).not.toHaveProperty('value');
    expect(expired).toEqual({ key: 'a/1', version: told.version });
  });

  it('goes to browsers and through gateways: type, no cache, no buffering, CORS, at once', async () => {
    await start();
    const { headers, statusCode } = (await open()).response;
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
      'x-repram-node': node.engine.origin,
    });
    await request(node.url)
      .head('/events')
      .expect(200)
      .expect('content-type', /event-stream/);
    await request(node.url).head('/v1/events').expect(200);
  });

  it('keeps to the prefix and the types that were asked for', async () => {
    await start();
    const reader = await open('?prefix=%C3%BC/&types=put');
    await put('other');
    await put('ü/1', 'v', 50);
    await put('ü/2');
    await reader.untilHas('put', 2);
    await until(async () => (await node.engine.list('ü/', 0, '')).keys.length === 1, 'the brief key to go');
    expect(
      reader
        .of('put')
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['ü/1', 'ü/2']);
    expect(reader.of('expire')).toEqual([]);
    expect(reader.of('member')).toEqual([]);
  });

  it('brings values up to 4096 bytes where they are asked for: text as text, bytes as base64', async () => {
    await start();
    const reader = await open('?values=1');
    await put('text', 'grün "\n\u0000');
    await put('bytes', Buffer.from([0xff, 0x00]));
    await put('large', 'x'.repeat(4097));
    const told = await reader.untilHas('put', 3);
    // Their order is that of each key.
    const of = (key: string): unknown => told.find((change) => (change as { key: string }).key === key);
    expect(of('text')).toMatchObject({ value: 'grün "\n\u0000' });
    expect(of('bytes')).toMatchObject({ value_base64: Buffer.from([0xff, 0x00]).toString('base64') });
    expect(of('large')).toMatchObject({ size: 4097 });
    expect(of('large')).not.toHaveProperty('value');
  });

  it('begins with all that there is where it is asked to, says when that was all, and goes on', async () => {
    await start();
    await put('k/1');
    await put('other');
    const reader = await open('?since=start&prefix=k/&types=put,expire');
    await reader.untilHas('caught-up');
    expect(reader.events.map(({ type }) => type)).toEqual(['put', 'caught-up']);
    await put('k/2');
    expect((await reader.untilHas('put', 2)).map(({ key }) => key)).toEqual(['k/1', 'k/2']);
  });

  it('brings all that there is, however much more that is than may wait for a reader', async () => {
    await start({ streamBytesMax: 16_384 });
    const value = 'x'.repeat(4000);
    for (let i = 0; i < 200; i += 1) await put(`k${i}`, value);
    const reader = await open('?since=start&values=1&types=put');
    await reader.untilHas('caught-up');
    expect(reader.of('put')).toHaveLength(200);
    expect(reader.of('end')).toEqual([]);
  });

  it('goes on from the last id, by the header or by since, with what came meanwhile', async () => {
    await start();
    const before = await open('?types=put,expire');
    await put('1');
    await before.untilHas('put');
    before.close();
    await put('2');
    for (const reader of [
      await open('?types=put,expire', before.lastId),
      await open(`?types=put,expire&since=${before.lastId}`),
    ]) {
      await reader.untilHas('caught-up');
      expect(reader.of('put').map(({ key }) => key)).toEqual(['2']);
    }
  });

  it('breaks off, and the node goes on, where telling what was missed fails', async () => {
    await start();
    node.engine.catchUp = () => Promise.reject(new Error('a bug of this test'));
    const reader = await EventReader.open(node.port, '?since=start');
    readers.push(reader);
    await until(() => reader.isOver, 'the stream to break off');
    expect(node.lines.filter(({ event }) => event === 'stream-failed')).toHaveLength(1);
    await request(node.url).get('/health/live').expect(200);
  });

  it('says resync to a reader whose id is no position, and goes on live', async () => {
    await start();
    const reader = await open('', 'no position at all');
    expect(await reader.untilHas('resync')).toEqual([{ reason: 'position-unknown' }]);
    await put('k');
    await reader.untilHas('put');
  });

  it('tells first how each member is, and then how that changes', async () => {
    await start();
    const member = { id: 'b'.repeat(16), name: 'two', state: 'alive' };
    node.view.members = [member as never];
    const reader = await open('?types=member');
    expect(await reader.untilHas('member')).toEqual([
      { id: member.id, name: 'two', from: null, to: 'alive', reason: 'known' },
    ]);
    node.view.members = [{ ...member, state: 'dead' } as never];
    node.view.lookAtMembers();
    node.view.members = [];
    node.view.lookAtMembers();
    const told = await reader.untilHas('member', 3);
    expect(told.slice(1)).toMatchObject([
      { from: 'alive', to: 'dead' },
      { from: 'dead', to: 'forgotten' },
    ]);
  });

  it('ends with a word when the node leaves, and names the peers that go on', async () => {
    await start();
    node.view.members = [
      { id: 'b'.repeat(16), name: 'two', state: 'alive', address: '127.0.0.1', port: 8082 } as never,
    ];
    const reader = await open();
    await node.close();
    await until(() => reader.isOver, 'the stream to end');
    expect(reader.of('end')).toEqual([
      { reason: 'draining', peers: [{ name: 'two', address: '127.0.0.1', port: 8082 }] },
    ]);
    await start();
  });
});

describe('the limits of streams', () => {
  it('refuse more streams than may be open, and count those that are', async () => {
    await start({ streamsMax: 2 });
    const first = await open();
    await open();
    const { body, headers } = await request(node.url).get('/events').expect(503);
    expect(body).toMatchObject({ code: 'busy', detail: expect.stringContaining('All 2 streams') });
    expect(headers['retry-after']).toBe('5');
    const { text } = await request(node.url).get('/metrics').expect(200);
    expect(parseMetrics(text).get('repram_event_streams')).toBe(2);
    first.close();
    await until(async () => {
      const { text: later } = await request(node.url).get('/metrics');
      return parseMetrics(later).get('repram_event_streams') === 1;
    }, 'the place to be free');
    await open();
  });

  it('cut off a reader that falls behind, and count it; others hear everything', async () => {
    await start({ streamBytesMax: 16_384 });
    const slow = await open('?values=1');
    slow.pause();
    const quick = await open('?types=put');
    const value = 'x'.repeat(4000);
    for (let i = 0; i < 4000 && !(await isEnded('slow-reader')); i += 1) await put(`k${i % 50}`, value);
    expect(await isEnded('slow-reader')).toBe(true);
    await put('last');
    await until(() => quick.of('put').some(({ key }) => key === 'last'), 'the last write to be told');
  });

  it('make no more of what a reader missed than it takes', async () => {
    await start();
    const value = Buffer.alloc(4000, 'v');
    const count = 4000;
    for (let i = 0; i < count; i += 1) await node.engine.put(Buffer.from(`k${i}`), value, 600_000, 'one');
    const texts = jest.spyOn(Channel.prototype, 'textsOf');
    const slow = await open('?types=put&values=1&since=start');
    slow.pause();
    await until(() => isEnded('slow-reader'), 'its end');
    const told = texts.mock.calls.reduce((sum, [changes]) => sum + changes.length, 0);
    texts.mockRestore();
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(count);
  });

  async function isEnded(reason: string): Promise<boolean> {
    const { text } = await request(node.url).get('/metrics').expect(200);
    return (parseMetrics(text).get(`repram_event_streams_ended_total{reason="${reason}"}`) ?? 0) > 0;
  }

  it.each([
    ['?types=puts', 'types must be some of put, expire, member'],
    ['?types=', 'types must be some of'],
    ['?types=put,put', 'each once'],
    ['?values=yes', 'values must be 0 or 1'],
    ['?prefix=a&prefix=b', 'prefix must be'],
    ['?since=%20', 'since must be start, or the id of an event'],
    ['?prefx=a', 'prefx'],
  ])('name what is wrong with %s', async (query, detail) => {
    await start();
    const { body } = await request(node.url).get(`/events${query}`).expect(400);
    expect(body).toMatchObject({ code: 'query-invalid', detail: expect.stringContaining(detail) });
  });
});

describe('a read that waits', () => {
  it('answers as soon as the key is there, and not before', async () => {
    await start();
    let answered = false;
    const waiting = request(node.url)
      .get('/data/job/1?wait=20')
      .then((answer) => {
        answered = true;
        return answer;
      });
    await until(async () => (await waitingReads()) === 1, 'the read to wait');
    await put('job/2');
    expect(answered).toBe(false);
    await put('job/1', 'done');
    const { status, body } = await waiting;
    expect([status, String(body)]).toEqual([200, 'done']);
    expect(await waitingReads()).toBe(0);
  });

  it('answers 404 at the end of its time, and at once where the key is there', async () => {
    await start();
    await request(node.url).get('/data/nothing?wait=0.05').expect(404);
    await put('there');
    await request(node.url).get('/data/there?wait=25').expect(200);
    await request(node.url).head('/v1/data/there?wait=25').expect(200);
  });

  it('is refused a time that nobody waits, and more readers than may wait', async () => {
    await start({ streamsMax: 1 });
    for (const wait of ['26', '-1', 'x', '', '1e1'])
      await request(node.url)
        .get(`/data/k?wait=${wait}`)
        .expect(400, /wait must be seconds from 0 to 25/);
    const reader = request(node.url).get('/data/k?wait=20');
    const waiting = reader.then(({ status }) => status);
    await until(async () => (await waitingReads()) === 1, 'the read to wait');
    await request(node.url).get('/data/k?wait=20').expect(503, /busy/);
    await put('k');
    expect(await waiting).toBe(200);
  });

  it('is told to go elsewhere when the node leaves', async () => {
    await start();
    const waiting = request(node.url)
      .get('/data/k?wait=20')
      .then(({ status, body }): unknown[] => [status, (body as { code: string }).code]);
    await until(async () => (await waitingReads()) === 1, 'the read to wait');
    await node.close();
    expect(await waiting).toEqual([503, 'draining']);
    await start();
  });

  async function waitingReads(): Promise<number | null> {
    const { text } = await request(node.url).get('/metrics').expect(200);
    return parseMetrics(text).get('repram_waiting_reads') ?? null;
  }
});
