// Clients that close their half of the connection behind their request and still read, as `nc -N`
// does.
import { connect } from 'node:net';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { ByteConnection } from '../support/http/byte-connection';
import { parseMetrics } from '../support/http/prometheus';
import { until } from '../support/basics/until';

const KEYS = 60_000;
/** The read would end by itself after 25 s. */
const BEFORE_ITS_TIME_MS = 12_000;
let node: FakeNode;
beforeAll(async () => {
  node = await startFakeNode();
  for (let i = 0; i < KEYS; i += 1)
    await node.engine.put(Buffer.from(`k${i}`), Buffer.from('v'), 600_000, 'one');
});
afterAll(() => node.close());
/** As a list of that many keys takes in a store that walks them in steps. */
beforeEach(() => {
  const list = node.engine.list.bind(node.engine);
  jest.spyOn(node.engine, 'list').mockImplementation(async (...asked) => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return list(...asked);
  });
});

/** What comes back until the node closes. */
function answered(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: node.port, host: '127.0.0.1', allowHalfOpen: true });
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('error', reject).on('end', () => resolve(Buffer.concat(parts).toString('latin1')));
    socket.end(request);
  });
}

const statusLine = (text: string): string | undefined => /^HTTP\/1\.1 \d{3}/m.exec(withoutInterim(text))?.[0];
const withoutInterim = (text: string): string => text.replace(/^(HTTP\/1\.1 1\d\d [^\r]*\r\n\r\n)*/, '');

it.each([
  ['/keys', '1.1'],
  ['/keys', '1.0'],
  ['/v1/keys', '1.1'],
  ['/scan', '1.1'],
  ['/keys?limit=50000', '1.0'],
  ['/keys?limit=50000', '1.1'],
])('are answered the whole list of %s by HTTP/%s', async (path, version) => {
  const text = await answered(`GET ${path} HTTP/${version}\r\nHost: h\r\n\r\n`);
  expect(statusLine(text)).toBe('HTTP/1.1 200');
  if (version === '1.0') expect(text).toMatch(/^HTTP\/1\.1 200/);
  expect(text.match(/"k\d+"/g)).toHaveLength(path.includes('limit') ? 50_000 : KEYS);
});

it('are answered all of them when many ask at once', async () => {
  const texts = await Promise.all(
    Array.from({ length: 12 }, () => answered('GET /keys HTTP/1.1\r\nHost: h\r\n\r\n')),
  );
  expect(new Set(texts.map(statusLine))).toEqual(new Set(['HTTP/1.1 200']));
});

it.each([
  ['a write', 'PUT /data/half HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nv', 201],
  ['a write by HTTP/1.0', 'PUT /data/half HTTP/1.0\r\nContent-Length: 1\r\n\r\nv', 201],
  ['a read', 'GET /data/half HTTP/1.1\r\nHost: h\r\n\r\n', 200],
  ['a read by HTTP/1.0', 'GET /data/half HTTP/1.0\r\n\r\n', 200],
  ['metrics', 'GET /metrics HTTP/1.0\r\n\r\n', 200],
  ['health', 'GET /health HTTP/1.1\r\nHost: h\r\n\r\n', 200],
  ['a refusal', 'GET /keys?limit=0 HTTP/1.1\r\nHost: h\r\n\r\n', 400],
])('are answered %s', async (_what, request, status) => {
  expect(statusLine(await answered(request))).toBe(`HTTP/1.1 ${status}`);
});

it.each(['1.1', '1.0'])('are answered a read that waits for its key by HTTP/%s', async (version) => {
  const key = `awaited-${version}`;
  const answer = answered(`GET /data/${key}?wait=25 HTTP/${version}\r\nHost: h\r\n\r\n`);
  await until(async () => (await waitingReads()) === 1, 'the reader');
  await node.engine.put(Buffer.from(key), Buffer.from('here it is'), 600_000, 'one');
  const text = await answer;
  expect(statusLine(text)).toBe('HTTP/1.1 200');
  expect(text).toMatch(/here it is$/);
});

it('are found out when they have gone, and no read waits for them', async () => {
  const gone = await ByteConnection.open(node.port, 'GET /data/absent?wait=25 HTTP/1.1\r\nHost: h\r\n\r\n');
  await until(async () => (await waitingReads()) === 1, 'the reader');
  gone.destroy();
  await until(async () => (await waitingReads()) === 0, 'its end', BEFORE_ITS_TIME_MS);
});

const EVENTS = 'GET /events?types=put HTTP/1.1\r\nHost: h\r\n\r\n';

it('are found out when they have gone, and no stream is kept for them', async () => {
  const readers = await Promise.all([1, 2, 3].map(() => ByteConnection.open(node.port, EVENTS)));
  await until(() => readers.every(({ answer }) => answer.includes('retry: ')), 'the streams');
  expect(await metric('repram_event_streams')).toBe(3);
  // All that came is read, so they close like anybody who has heard enough.
  for (const reader of readers) reader.destroy();
  await until(async () => (await metric('repram_event_streams')) === 0, 'their end', BEFORE_ITS_TIME_MS);
});

it('are told events as long as they read', async () => {
  const reader = await ByteConnection.open(node.port, EVENTS);
  await until(() => reader.answer.includes('retry: '), 'the stream');
  reader.socket.end();
  await until(() => (reader.answer.match(/^:$/gm) ?? []).length >= 3, 'three comments');
  await node.engine.put(Buffer.from('told'), Buffer.from('v'), 600_000, 'one');
  await until(() => reader.answer.includes('"key":"told"'), 'the event');
  reader.destroy();
});

const waitingReads = (): Promise<number | undefined> => metric('repram_waiting_reads');

async function metric(name: string): Promise<number | undefined> {
  const metrics = await fetch(`${node.url}/metrics`);
  return parseMetrics(await metrics.text()).get(name);
}
