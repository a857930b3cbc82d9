// Bodies in tiny chunks, each of which costs a node as much as a large one: they end before they
// cost much, whether or not anybody wanted them, and who sends small chunks within reason is
// served, without keeping others waiting.
import type { Socket } from 'node:net';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { ByteConnection, statusOf, statusesOf } from '../support/http/byte-connection';
import { until } from '../support/basics/until';

const READ_BYTES = 65_536;
/** Three reads beyond the free pieces. */
const TAKEN_BYTES_MAX = 4 * READ_BYTES;

let node: FakeNode;
let accepted: Socket[];
beforeAll(async () => {
  node = await startFakeNode();
  node.app.getHttpServer().on('connection', (socket: Socket) => accepted.push(socket));
});
beforeEach(() => (accepted = []));
afterEach(async () => {
  expect((await fetch(`${node.url}/health/live`)).status).toBe(200);
});
afterAll(async () => node.close());

const CRUMBS = '1\r\nx\r\n'.repeat(500_000);
const head = (line: string, more = ''): string =>
  `${line} HTTP/1.1\r\nHost: h\r\n${more}Transfer-Encoding: chunked\r\n\r\n`;
const chunksOf = (bytes: number, count: number): string =>
  `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`.repeat(count);

async function flood(line: string, more = ''): Promise<ByteConnection> {
  const connection = await ByteConnection.open(node.port, head(line, more));
  void connection.write(CRUMBS);
  await connection.status();
  await until(() => connection.closed, 'the connection to end');
  return connection;
}

it('ends a value in chunks of one byte, says why, and reads no more of it', async () => {
  const connection = await flood('PUT /data/crumbs');
  expect(statusesOf(connection.answer)).toEqual([400]);
  expect(connection.answer).toContain('"code":"chunks-too-small"');
  expect(connection.answer.toLowerCase()).toContain('connection: close');
  expect(accepted[0].bytesRead).toBeLessThanOrEqual(TAKEN_BYTES_MAX);
  expect(await node.engine.get(Buffer.from('crumbs'))).toBeNull();
});

it.each([
  ['a write that was refused', 'PUT /data/k?ttl=0', '', 400],
  ['a write whose expectation was refused', 'PUT /data/k', 'Expect: the-unexpected\r\n', 417],
  ['a write to a path nobody serves', 'PUT /nowhere', '', 404],
  ['a method that is not offered', 'POST /data/k', '', 405],
  ['OPTIONS', 'OPTIONS /data/k', '', 204],
  ['a read', 'GET /health/live', '', 200],
  ['a list', 'GET /keys', '', 200],
  ['a target that cannot be decoded', 'GET /%ZZ', '', 400],
])('reads little of the tiny chunks behind %s', async (_what, line, more, status) => {
  const connection = await flood(line, more);
  expect(statusesOf(connection.answer)).toEqual([status]);
  expect(accepted[0].bytesRead).toBeLessThanOrEqual(TAKEN_BYTES_MAX);
});

it.each([
  ['a few thousand chunks of one byte', 1, 4000],
  ['chunks of twenty bytes', 20, 30_000],
  ['chunks of a thousand bytes', 1000, 5000],
])('stores a value in %s', async (_what, bytes, count) => {
  const connection = await ByteConnection.open(node.port, head('PUT /data/honest'));
  await connection.write(`${chunksOf(bytes, count)}0\r\n\r\n`);
  expect(await connection.status()).toBe(201);
  const stored = await (await fetch(`${node.url}/data/honest`)).text();
  expect(stored).toBe('x'.repeat(bytes * count));
  connection.destroy();
});

it('reads what follows on the connection after a value in small chunks', async () => {
  const connection = await ByteConnection.open(node.port, head('PUT /data/first'));
  const next = 'GET /data/first HTTP/1.1\r\nHost: h\r\n\r\n';
  for (let round = 1; round <= 3; round += 1) {
    await connection.write(`${chunksOf(16, 600)}0\r\n\r\n${next}`);
    await until(() => statusesOf(connection.answer).length >= 2 * round, 'both answers');
    await connection.write(head('PUT /data/first'));
  }
  expect(statusesOf(connection.answer)).toEqual([201, 200, 201, 200, 201, 200]);
  connection.destroy();
});

it('reads a body in small chunks once in a turn, so that others are served in between', async () => {
  const connections = await Promise.all(
    [0, 1, 2, 3].map((i) => ByteConnection.open(node.port, head(`PUT /data/turns-${String(i)}`))),
  );
  await until(() => accepted.length >= 4, 'the connections');
  const body = chunksOf(16, 100_000);
  for (const connection of connections) void connection.write(`${body}0\r\n\r\n`);
  let most = 0;
  let before = accepted.map((socket) => socket.bytesRead);
  while (connections.some(({ answer }) => statusOf(answer) === 0)) {
    await new Promise((resolve) => setImmediate(resolve));
    const now = accepted.map((socket) => socket.bytesRead);
    most = Math.max(most, ...now.map((bytes, i) => bytes - before[i]));
    before = now;
  }
  expect(connections.map(({ answer }) => statusOf(answer))).toEqual([201, 201, 201, 201]);
  expect(most).toBeLessThanOrEqual(READ_BYTES);
  for (const connection of connections) connection.destroy();
});
