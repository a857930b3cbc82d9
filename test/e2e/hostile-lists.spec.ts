// Lists whose text is many times as long as their keys: JSON writes a control character in six
// bytes.
import type { Socket } from 'node:net';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { ByteConnection, statusOf } from '../support/http/byte-connection';
import { until } from '../support/basics/until';

const MIB = 1024 * 1024;
const KEYS = Array.from({ length: 1500 }, (_, i) => '\u0001'.repeat(996) + String(1000 + i));
/** More than all that the keys are charged, less than their text. */
const CLIENT_BYTES_MAX = 6 * MIB;

let node: FakeNode;
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
