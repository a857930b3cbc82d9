// Plain requests are answered ahead of Node.js's parser once their connection has sent one that the
// parser has read, and nothing that holds for other requests is different for them.
// test/e2e/data-lane.spec.ts compares the bytes of the answers.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { NodeSettings } from '../../src/config/settings';
import { ClientLimits } from '../../src/http/limits/client-limits';
import { plainFollower } from '../../src/http/plain/plain-lane';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { until } from '../support/basics/until';
import { ByteConnection, statusesOf } from '../support/http/byte-connection';

const GET = 'GET /data/k HTTP/1.1\r\nHost: h\r\n\r\n';
const PUT = 'PUT /data/w?ttl=60 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nvalue';
const KEYS = 'GET /keys HTTP/1.1\r\nHost: h\r\n\r\n';

let node: FakeNode;
/** Targets of what the parser has read, in their order. */
let parsed: (string | undefined)[];

async function start(settings: Partial<NodeSettings> = {}): Promise<void> {
  node = await startFakeNode({ dataLane: 'on', ...settings });
  await node.engine.put(Buffer.from('k'), Buffer.from('value of k'), 600_000, 'one');
  parsed = [];
  node.app
    .getHttpServer()
    .prependListener('request', (request: IncomingMessage) => void parsed.push(request.url));
}

afterEach(() => node.close());

const limits = (): ClientLimits => node.app.get(ClientLimits);

/** Writes from now on are not done before they are released. */
function holdWrites(): { readonly count: () => number; readonly releaseOne: () => void } {
  const put = node.engine.put.bind(node.engine);
  const waiting: (() => void)[] = [];
  const held = jest.spyOn(node.engine, 'put').mockImplementation(async (...write) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return put(...write);
  });
  return { count: () => held.mock.calls.length, releaseOne: () => waiting.shift()?.() };
}

/** What others sent to the node before has come to it, as far as it reads them. */
async function allHasCome(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await fetch(`http://127.0.0.1:${node.port}/health/live`);
}

async function answersOf(connection: ByteConnection, count: number): Promise<number[]> {
  await until(
    () => connection.closed || statusesOf(connection.answer).length >= count,
    `${count} answers in ${connection.answer}`,
  );
  return statusesOf(connection.answer);
}

/** Sends each piece once all before it is answered. */
async function sendInTurn(connection: ByteConnection, pieces: readonly string[]): Promise<number[]> {
  const before = statusesOf(connection.answer).length;
  let statuses: number[] = [];
  for (const [at, piece] of pieces.entries()) {
    await connection.write(piece);
    statuses = await answersOf(connection, before + at + 1);
  }
  return statuses;
}

it('only the first of the plain requests of a connection reaches the parser', async () => {
  await start();
  const connection = await ByteConnection.open(node.port);
  expect(await sendInTurn(connection, [GET, GET, PUT, GET])).toEqual([200, 200, 201, 200]);
  expect(parsed).toEqual(['/data/k']);
  connection.destroy();
});

it('what is not plain reaches the parser, and what is plain again does not', async () => {
  await start();
  const connection = await ByteConnection.open(node.port);
  const large = `PUT /data/l HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n${'l'.repeat(100_000)}`;
  const chunked = 'PUT /data/c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
  const sent = [GET, KEYS, GET, large, GET, GET, chunked, GET, GET + GET, GET, GET];
  await sendInTurn(connection, sent.slice(0, 9));
  await answersOf(connection, 10);
  expect(await sendInTurn(connection, sent.slice(9))).toEqual([
    ...[200, 200, 200, 201, 200, 200, 201, 200, 200, 200, 200, 200],
  ]);
  expect(parsed).toEqual([
    // The first, what lists keys, and what came in more than one piece.
    ...['/data/k', '/keys', '/data/l'],
    // A chunked body, the next plain request, two in one piece, and the next behind those.
    ...['/data/c', '/data/k', '/data/k', '/data/k', '/data/k'],
  ]);
  connection.destroy();
});

it.each([
  ['with the first request of the connection', []],
  ['with a later one', [GET, GET]],
])('a body that looks like a request is none, when its head came %s', async (_when, before) => {
  await start();
  const connection = await ByteConnection.open(node.port);
  await sendInTurn(connection, before);
  const head = `PUT /data/w?ttl=60 HTTP/1.1\r\nHost: h\r\nContent-Length: ${GET.length}\r\n\r\n`;
  await connection.write(GET + head);
  await answersOf(connection, before.length + 1);
  await connection.write(GET);
  await answersOf(connection, before.length + 2);
  expect(await sendInTurn(connection, ['GET /data/w HTTP/1.1\r\nHost: h\r\n\r\n'])).toEqual([
    ...before.map(() => 200),
    ...[200, 201, 200],
  ]);
  expect(connection.answer.endsWith(`\r\n\r\n${GET}`)).toBe(true);
  connection.destroy();
});

it.each([
  ['with the first request of the connection', []],
  ['with a later one', [GET, GET]],
])('a field that looks like a request is none, when its head began %s', async (_when, before) => {
  await start();
  const connection = await ByteConnection.open(node.port);
  await sendInTurn(connection, before);
  await connection.write(`${GET}GET /data/absent HTTP/1.1\r\nX-Any: `);
  await answersOf(connection, before.length + 1);
  await connection.write(GET);
  expect(await answersOf(connection, before.length + 2)).toEqual([...before.map(() => 200), 200, 404]);
  expect(parsed.at(-1)).toBe('/data/absent');
  connection.destroy();
});

it('a connection that is left to the parser has its listener again', async () => {
  await start();
  const server = node.app.getHttpServer();
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => void sockets.push(socket));
  const connection = await ByteConnection.open(node.port);
  await until(() => sockets.length === 1, 'the connection');
  const listeners = (): unknown[] => sockets[0].listeners('data');
  const before = listeners();
  await sendInTurn(connection, [GET, GET]);
  expect(listeners()).not.toEqual(before);
  await sendInTurn(connection, [`${KEYS.slice(0, -2)}Connection: Keep-Alive, x\r\n\r\n`]);
  expect(listeners()).toEqual(before);
  // Nobody reads on while it waits: the bytes stay with the kernel.
  await connection.write(`GET /data/none?wait=1 HTTP/1.1\r\nHost: h\r\n\r\n${PUT}`);
  await connection.write('x'.repeat(1_000_000));
  await answersOf(connection, 4);
  expect(sockets[0].readableLength).toBe(0);
  connection.destroy();
});

it('a request that comes before the answer to a plain write waits for it', async () => {
  await start();
  const connection = await ByteConnection.open(node.port, GET);
  await answersOf(connection, 1);
  const writes = holdWrites();
  await connection.write(PUT);
  await until(() => writes.count() > 0, 'the write to be under way');
  await connection.write('GET /data/w HTTP/1.1\r\nHost: h\r\n\r\n');
  await connection.write(KEYS);
  await until(() => limits().ledger.heldBy('requests') > 0, 'the reads to wait');
  expect(statusesOf(connection.answer)).toEqual([200]);
  writes.releaseOne();
  expect(await answersOf(connection, 4)).toEqual([200, 201, 200, 200]);
  expect(connection.answer).toContain('\r\n\r\nvalueHTTP/1.1');
  connection.destroy();
});

it('what comes in many pieces while writes are under way is answered, and what comes after', async () => {
  await start();
  const connection = await ByteConnection.open(node.port, GET);
  await answersOf(connection, 1);
  const writes = holdWrites();
  for (const count of [1, 2, 3]) {
    await connection.write(PUT);
    if (count > 1) await allHasCome();
  }
  for (const count of [1, 2, 3]) {
    await until(() => writes.count() === count, `write ${count}`);
    writes.releaseOne();
    await answersOf(connection, 1 + count);
  }
  expect(await sendInTurn(connection, [GET])).toEqual([200, 201, 201, 201, 200]);
  connection.destroy();
});

it('answers come in the order of their requests, whatever came while a write was under way', async () => {
  await start();
  const connection = await ByteConnection.open(node.port, GET);
  await answersOf(connection, 1);
  const writes = holdWrites();
  await connection.write(PUT);
  await until(() => writes.count() === 1, 'the first write to be under way');
  for (const piece of [PUT + PUT, 'GET /data/early HTTP/1.1\r\nHost: h\r\n\r\n']) {
    await connection.write(piece);
    await allHasCome();
  }
  writes.releaseOne();
  await until(() => writes.count() === 2, 'the second write to be under way');
  await connection.write('GET /data/k HTTP/1.1\r\nHost: h\r\n\r\n');
  await allHasCome();
  writes.releaseOne();
  await until(() => writes.count() === 3, 'the third write to be under way');
  writes.releaseOne();
  expect(await answersOf(connection, 6)).toEqual([200, 201, 201, 201, 404, 200]);
  connection.destroy();
});

it('a plain write is answered to a client that has closed its half', async () => {
  await start();
  const connection = await ByteConnection.open(node.port, GET);
  await answersOf(connection, 1);
  const writes = holdWrites();
  connection.socket.end(PUT);
  await until(() => writes.count() > 0, 'the write to be under way');
  writes.releaseOne();
  await until(() => connection.closed, 'the end of the connection');
  expect(statusesOf(connection.answer)).toEqual([200, 201]);
});

it('a plain write whose client hangs up leaves nothing behind', async () => {
  await start();
  const connection = await ByteConnection.open(node.port, GET);
  await answersOf(connection, 1);
  const writes = holdWrites();
  await connection.write(PUT);
  await until(() => writes.count() > 0, 'the write to be under way');
  await connection.write(GET);
  connection.socket.resetAndDestroy();
  await until(() => limits().connections.counts().open === 0, 'the connection to be gone');
  writes.releaseOne();
  await until(() => limits().ledger.usedBytes === 0, 'all to be given back');
});

it('an answer that its client does not read is charged, and read later it is whole', async () => {
  await start({ valueBytesMax: 16 * 1024 * 1024 });
  const large = Buffer.alloc(16 * 1024 * 1024, 'x');
  await node.engine.put(Buffer.from('large'), large, 600_000, 'one');
  const connection = await ByteConnection.open(node.port, GET);
  await answersOf(connection, 1);
  connection.socket.pause();
  await connection.write('GET /data/large HTTP/1.1\r\nHost: h\r\n\r\n');
  await until(() => limits().answers.size === 1, 'the answer to be charged');
  await connection.write(GET);
  connection.socket.resume();
  expect(await answersOf(connection, 3)).toEqual([200, 200, 200]);
  expect(connection.answer.length).toBeGreaterThan(large.length);
  await until(() => limits().answers.size === 0, 'nothing to be charged');
  expect(parsed).toEqual(['/data/k']);
  connection.destroy();
});

it('a connection with a plain write under way is not closed as idle', async () => {
  await start();
  const connection = await ByteConnection.open(node.port, GET);
  await answersOf(connection, 1);
  const writes = holdWrites();
  await connection.write(PUT);
  await until(() => writes.count() > 0, 'the write to be under way');
  node.app.getHttpServer().closeIdleConnections();
  writes.releaseOne();
  expect(await answersOf(connection, 2)).toEqual([200, 201]);
  node.app.getHttpServer().closeIdleConnections();
  await until(() => connection.closed, 'the idle connection to be closed');
});

it('a plain request over the limit of its client is refused like any other, and the flood ends', async () => {
  await start({ rateLimitPerSecond: 1 });
  const connection = await ByteConnection.open(node.port, GET);
  await answersOf(connection, 1);
  connection.socket.on('data', () => connection.socket.write(GET));
  await connection.write(GET);
  await until(() => connection.closed, 'the end of the connection');
  expect(statusesOf(connection.answer).filter((status) => status === 429)).toHaveLength(1000);
  expect(connection.answer.split('HTTP/1.1 ').at(-1)).toContain('connection: close');
});

it('time limits of requests do not run while a connection sends plain ones', async () => {
  await start();
  const server: Server = createServer({
    connectionsCheckingInterval: 10,
    headersTimeout: 50,
    requestTimeout: 60,
  });
  const follow = plainFollower(server, {
    answer: (_request, response) => response.send({ status: 200, lines: '', body: 'plain', isLast: false }),
    onUnread: () => undefined,
    onHeld: () => undefined,
    isClosing: () => false,
  });
  server.on('request', (_request, response) => {
    follow(response);
    response.end('first');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connection = await ByteConnection.open((server.address() as AddressInfo).port, GET);
  await answersOf(connection, 1);
  const sinceMs = performance.now();
  let count = 1;
  while (performance.now() - sinceMs < 300) {
    await connection.write(GET);
    await answersOf(connection, (count += 1));
  }
  expect(connection.closed).toBe(false);
  expect(connection.answer).not.toContain(' 408 ');
  expect(connection.answer.endsWith('plain')).toBe(true);
  connection.destroy();
  server.close();
});
