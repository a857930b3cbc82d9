// Lists whose text is many times as long as their keys: JSON writes a control character in six
// bytes. And clients that ask for more lists than a node makes, or do not read them.
import type { Socket } from 'node:net';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { ByteConnection, statusOf } from '../support/http/byte-connection';
import { parseMetrics } from '../support/http/prometheus';
import { until } from '../support/basics/until';

const MIB = 1024 * 1024;
const KEYS = Array.from({ length: 1500 }, (_, i) => '\u0001'.repeat(996) + String(1000 + i));
/** More than all that the keys are charged, less than their text. */
const CLIENT_BYTES_MAX = 6 * MIB;

let node: FakeNode;
/** A turn would end by itself after 10 s. */
const BEFORE_ITS_TIME_MS = 7000;
const start = async (clientBytesMax: number): Promise<void> => {
  node = await startFakeNode({ clientBytesMax });
  for (const key of KEYS) await node.engine.put(Buffer.from(key), Buffer.from('v'), 600_000, 'one');
};
afterEach(() => node.close());

it.each(['/keys', '/scan', '/v1/keys', '/keys?limit=2000'])(
  'sends the whole list of %s, though its text would not fit',
  async (path) => {
    await start(CLIENT_BYTES_MAX);
    const answer = await fetch(node.url + path);
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { keys: string[] }).keys).toEqual(KEYS);
  },
);

it('keeps no more of the text than a piece for a client that does not read it, and serves others', async () => {
  await start(CLIENT_BYTES_MAX);
  const accepted: Socket[] = [];
  node.app.getHttpServer().on('connection', (socket: Socket) => accepted.push(socket));
  const reader = ByteConnection.start(node.port);
  reader.socket.pause();
  await reader.write('GET /keys HTTP/1.1\r\nHost: h\r\n\r\n');
  await until(() => accepted.some((socket) => socket.writableLength > 0), 'the reader to fall behind');
  expect((await fetch(`${node.url}/health/live`)).status).toBe(200);
  expect(Math.max(...accepted.map((socket) => socket.writableLength))).toBeLessThan(MIB);
  reader.socket.resume();
  await until(() => reader.answer.endsWith('0\r\n\r\n'), 'the whole list');
  expect(statusOf(reader.answer)).toBe(200);
  reader.destroy();
});

it('refuses a list that does not fit, up front', async () => {
  await start(2 * MIB);
  const answer = await fetch(`${node.url}/keys`);
  expect(answer.status).toBe(503);
  expect(((await answer.json()) as { code: string }).code).toBe('busy');
});

it('does not keep others waiting for a client that does not read its list', async () => {
  await start(32 * MIB);
  const readers = ['/keys', '/keys?limit=2000'].map((path) => {
    const reader = ByteConnection.start(node.port, '127.0.0.2');
    reader.socket.pause();
    reader.socket.write(`GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`);
    return reader;
  });
  await until(async () => (await heldForLists()) > MIB, 'both lists');
  const signal = AbortSignal.timeout(BEFORE_ITS_TIME_MS);
  for (const path of ['/keys', '/keys?limit=2000']) {
    const answer = await fetch(node.url + path, { signal });
    expect(((await answer.json()) as { keys: string[] }).keys).toEqual(KEYS);
  }
  for (const reader of readers) reader.destroy();
});

it.each([
  ['/keys', 16],
  ['/keys?limit=1', 64],
])('gives everybody a list while one client asks for more of %s than may wait', async (path, waiting) => {
  node = await startFakeNode();
  const made: (() => void)[] = [];
  const list = node.engine.list.bind(node.engine);
  jest.spyOn(node.engine, 'list').mockImplementation(async (...asked) => {
    await new Promise<void>((resolve) => made.push(resolve));
    return list(...asked);
  });
  const request = `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
  const crowd = Array.from({ length: waiting + 5 }, () => ByteConnection.start(node.port, '127.0.0.2'));
  for (const each of crowd) each.socket.write(request);
  const refused = (): number => crowd.filter((each) => statusOf(each.answer) === 503).length;
  await until(() => made.length === 1 && refused() === 4, 'a crowd, one of which has its turn');
  const other = await ByteConnection.open(node.port, request);
  await until(() => refused() === 5 || other.answer !== '', 'a place for another client');
  for (let turn = 1; turn <= 3; turn += 1) {
    await until(() => made.length === turn || other.answer !== '', 'a turn');
    made[turn - 1]();
  }
  expect(await other.status()).toBe(200);
  for (const each of [...crowd, other]) each.destroy();
  for (const end of made) end();
});

async function heldForLists(): Promise<number> {
  const metrics = parseMetrics(await (await fetch(`${node.url}/metrics`)).text());
  return metrics.get('repram_held_bytes{holder="listings"}') ?? 0;
}
