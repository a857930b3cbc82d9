// On gossip alone: what is asked here is in no engine. What a client hears whose request is not
// finished when its node ends.
import { once } from 'node:events';
import { connect } from 'node:net';
import { ByteConnection, statusOf, statusesOf } from '../support/http/byte-connection';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { until } from '../support/basics/until';

let node: FakeNode;
beforeEach(async () => {
  node = await startFakeNode();
});

const bodyOf = (answer: string): { code: string; detail: string } =>
  JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as { code: string; detail: string };

const connectionsOf = (answer: string): string[] =>
  [...answer.matchAll(/\r\nconnection: (.*)\r\n/gi)].map(([, word]) => word.toLowerCase());

const HEAD = 'HTTP/1.1\r\nHost: a\r\n';

it.each([
  ['with a length', 'Content-Length: 100000\r\n\r\n0123456789'],
  ['in chunks', 'Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n'],
  ['of which nothing has come', 'Content-Length: 10\r\n\r\n'],
])('an upload %s that is not there when the node ends is answered 503', async (_, rest) => {
  const upload = await ByteConnection.open(node.port, `PUT /data/slow ${HEAD}${rest}`);
  await fetch(`${node.url}/health/live`);
  const closing = node.close();
  expect(await upload.status()).toBe(503);
  await closing;
  expect(upload.answer).toMatch(/\r\nConnection: close\r\n/i);
  expect(upload.answer).toMatch(/\r\nretry-after: 1\r\n/i);
  expect(bodyOf(upload.answer)).toMatchObject({ code: 'draining' });
  expect(bodyOf(upload.answer).detail).toContain('Nothing was stored.');
});

it('its sender can read that while it goes on sending', async () => {
  const upload = await ByteConnection.open(
    node.port,
    `PUT /data/slow ${HEAD}Content-Length: 10000000\r\n\r\n`,
  );
  const sending = setInterval(() => void upload.write(Buffer.alloc(4000)), 20);
  await fetch(`${node.url}/health/live`);
  const closing = node.close();
  expect(await upload.status()).toBe(503);
  await until(() => upload.answer.endsWith('}'), 'the whole answer');
  clearInterval(sending);
  await closing;
});

it('a list that is not made when the node ends is answered 503', async () => {
  node.engine.list = () => new Promise(() => undefined);
  const reader = await ByteConnection.open(node.port, `GET /keys ${HEAD}\r\n`);
  await fetch(`${node.url}/health/live`);
  const closing = node.close();
  expect(await reader.status()).toBe(503);
  await closing;
  expect(bodyOf(reader.answer)).toMatchObject({ code: 'draining' });
});

it('of requests in line the first one is answered, and no other is', async () => {
  const list = `GET /keys ${HEAD}\r\n`;
  node.engine.list = () => new Promise(() => undefined);
  const reader = await ByteConnection.open(node.port, list + list);
  await fetch(`${node.url}/health/live`);
  await node.close();
  await until(() => reader.closed, 'the connection ends');
  expect(statusesOf(reader.answer)).toEqual([503]);
  expect(connectionsOf(reader.answer)).toEqual(['close']);
});

/** As many as may wait in line. */
const READS = 12;

it('of reads in line that end with the node each is answered, and the last says that it is the last', async () => {
  const read = `GET /data/absent?wait=25 ${HEAD}\r\n`;
  const reader = await ByteConnection.open(node.port, read.repeat(READS));
  const failures: unknown[] = [];
  reader.socket.on('error', (error) => failures.push(error));
  const waiting = async (): Promise<string> => (await fetch(`${node.url}/metrics`)).text();
  await until(
    async () => new RegExp(`repram_waiting_reads(\\{.*\\})? ${READS}\\n`).test(await waiting()),
    'all of them wait',
  );
  await node.close();
  await until(() => reader.closed, 'the connection ends');
  expect(statusesOf(reader.answer)).toEqual(Array(READS).fill(503));
  expect(connectionsOf(reader.answer)).toEqual([...Array<string>(READS - 1).fill('keep-alive'), 'close']);
  expect(failures).toEqual([]);
});

it('an answer that is being read when the node ends is sent to its end', async () => {
  const value = 'x'.repeat(9_000_000);
  await node.engine.put(Buffer.from('large'), Buffer.from(value), 600_000, 'one');
  const reader = connect(node.port, '127.0.0.1');
  reader.write(`GET /data/large ${HEAD}\r\n`);
  await once(reader, 'readable');
  const closing = node.close();
  await new Promise((resolve) => setImmediate(resolve));
  let bytes = 0;
  reader.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await once(reader, 'close');
  await closing;
  expect(bytes).toBeGreaterThan(value.length);
});

it('a write that is being settled then says that its connection ends', async () => {
  const settled: (() => void)[] = [];
  const { engine } = node;
  const put = engine.put.bind(engine);
  engine.put = async (...args) => {
    await new Promise<void>((resolve) => settled.push(resolve));
    return put(...args);
  };
  const write = `PUT /data/settling ${HEAD}Content-Length: 1\r\n\r\nx`;
  const writer = await ByteConnection.open(node.port, write);
  // What follows an answered request is recognized ahead of the parser.
  for (const isLast of [false, true]) {
    await until(() => settled.length > 0, 'the write is under way');
    const closing = isLast ? node.close() : Promise.resolve();
    settled.pop()?.();
    await until(() => statusesOf(writer.answer).length >= (isLast ? 2 : 1), 'the answer');
    if (!isLast) await writer.write(write);
    await closing;
  }
  expect(connectionsOf(writer.answer)).toEqual(['keep-alive', 'close']);
});

it('a write that is being settled then is not told that nothing was stored', async () => {
  node.engine.put = () => new Promise(() => undefined);
  const writer = await ByteConnection.open(node.port, `PUT /data/settling ${HEAD}Content-Length: 1\r\n\r\nx`);
  await fetch(`${node.url}/health/live`);
  await node.close();
  await until(() => writer.closed, 'the connection ends');
  expect(statusOf(writer.answer)).toBe(0);
});
