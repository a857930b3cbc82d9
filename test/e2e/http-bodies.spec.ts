import { connect, type Socket } from 'node:net';
import { CONNECTION_BYTES } from '../../src/config/connection-limits';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { exchange, statusOf } from '../support/http/byte-connection';
import { until } from '../support/basics/until';

const VALUE_BYTES_MAX = 100_000;
let node: FakeNode;
beforeAll(async () => {
  // Room for the two halves below and for the connections that the tests have open, and for no
  // third body.
  const clientBytesMax = 2 * VALUE_BYTES_MAX + 3 * CONNECTION_BYTES;
  node = await startFakeNode({ valueBytesMax: VALUE_BYTES_MAX, clientBytesMax });
});
afterAll(async () => node.close());

const put = (body: Buffer | string) => fetch(`${node.url}/data/k`, { method: 'PUT', body });

/** A connection that keeps what it is answered. */
async function open(text: string): Promise<{ socket: Socket; answer: () => string }> {
  let answer = '';
  const socket = connect(node.port, '127.0.0.1');
  socket.on('data', (chunk) => (answer += chunk.toString('latin1'))).on('error', () => undefined);
  await new Promise((resolve) => socket.write(text, resolve));
  return { socket, answer: () => answer };
}

it('refuses a declared body above the limit before it has arrived', async () => {
  const { socket, answer } = await open(
    `PUT /data/k HTTP/1.1\r\nHost: h\r\nContent-Length: ${VALUE_BYTES_MAX + 1}\r\n\r\nfirst bytes`,
  );
  await until(() => statusOf(answer()) === 413, 'a 413');
  expect(answer()).toContain('"code":"value-too-large"');
  socket.destroy();
});

it('refuses a chunked body as soon as it passes the limit, while it is still coming', async () => {
  const { socket, answer } = await open(
    'PUT /data/chunked HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n',
  );
  const chunk = `${(50_000).toString(16)}\r\n${'x'.repeat(50_000)}\r\n`;
  socket.write(chunk + chunk);
  socket.write('1\r\nx\r\n');
  await until(() => statusOf(answer()) === 413, 'a 413');
  expect(await node.engine.get(Buffer.from('chunked'))).toBeNull();
  socket.destroy();
});

it('lets a client that sent too much read its answer and use the connection again', async () => {
  const body = 'x'.repeat(5 * VALUE_BYTES_MAX);
  const answer = await exchange(
    node.port,
    `PUT /data/k HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}` +
      'GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n',
  );
  expect(statusOf(answer)).toBe(413);
  expect(answer).toContain('HTTP/1.1 200 OK');
});

it('takes a value of exactly the limit', async () => {
  expect((await put(Buffer.alloc(VALUE_BYTES_MAX, 1))).status).toBe(201);
  expect((await put(Buffer.alloc(VALUE_BYTES_MAX + 1, 1))).status).toBe(413);
});

it('answers a wrong key before the body and keeps the connection in step', async () => {
  const answer = await exchange(
    node.port,
    'PUT /data/%ZZ HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbodyGET /health/live HTTP/1.1\r\nHost: h\r\n\r\n',
  );
  expect(statusOf(answer)).toBe(400);
  expect(answer).toContain('HTTP/1.1 200 OK');
});

it('stores nothing of a body whose connection was cut, and gives its room back', async () => {
  const halves = await Promise.all(
    [1, 2].map(() =>
      open(
        `PUT /data/cut HTTP/1.1\r\nHost: h\r\nContent-Length: ${VALUE_BYTES_MAX}\r\n\r\n${'x'.repeat(VALUE_BYTES_MAX - 1)}`,
      ),
    ),
  );
  // Both together hold all but a little of what there is beside connections: a third upload finds
  // no room.
  await until(
    async () => (await put(Buffer.alloc(VALUE_BYTES_MAX))).status === 503,
    'the allowance to be used up',
  );
  const refused = await put(Buffer.alloc(VALUE_BYTES_MAX));
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ code: 'busy' });
  for (const { socket } of halves) socket.destroy();
  await until(
    async () => (await put(Buffer.alloc(VALUE_BYTES_MAX))).status === 201,
    'the allowance to be given back',
  );
  expect(await node.engine.get(Buffer.from('cut'))).toBeNull();
});

it('takes a large body of unknown length where there is room to join it, and else says busy', async () => {
  const tight = await startFakeNode({ valueBytesMax: 1_000_000, clientBytesMax: 1_700_000 });
  try {
    const send = (bytes: number, isAnnounced: boolean): Promise<number> =>
      fetch(`${tight.url}/data/k`, {
        method: 'PUT',
        body: isAnnounced ? Buffer.alloc(bytes) : new Blob([Buffer.alloc(bytes)]).stream(),
        duplex: 'half',
      }).then(({ status }) => status);
    expect(await send(1_000_000, true)).toBe(201);
    expect(await send(1_000_000, false)).toBe(503);
    expect(await send(700_000, false)).toBe(201);
    const stored = await (await fetch(`${tight.url}/data/k`)).arrayBuffer();
    expect(stored.byteLength).toBe(700_000);
    expect(await send(1_000_000, true)).toBe(201);
  } finally {
    await tight.close();
  }
});
