// Clients and proxies that offer another protocol on the way (RFC 9110, 7.8): what is not a peer
// link is served as the HTTP/1.1 request it is, and so is everything before and behind it on the
// connection.
// Without an engine: how a request is understood.
import { execFile } from 'node:child_process';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { CONNECTION_BYTES } from '../../src/config/connection-limits';
import { serveWithoutUpgrade } from '../../src/http/offered-upgrade';
import { parseMetrics } from '../support/http/prometheus';
import { exchange, ByteConnection, statusesOf, statusOf } from '../support/http/byte-connection';
import { Victims } from '../support/processes/victims';
import { until } from '../support/basics/until';

let victims: Victims;
beforeAll(async () => {
  victims = await Victims.start(1);
});
afterEach(() => victims.expectUnharmed());
afterAll(() => victims.stop());

const H2C =
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n';
const WEBSOCKET = 'Connection: upgrade\r\nUpgrade: websocket\r\n';
const head = (line: string, ...headers: string[]): string =>
  `${line} HTTP/1.1\r\nHost: h\r\n${headers.join('')}\r\n`;
const length = (bytes: number): string => `Content-Length: ${String(bytes)}\r\n`;
const PLAIN = head('GET /data/small');

it.each([
  ['h2c, as curl and the JDK do', H2C],
  ['h2c without its settings', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'],
  ['TLS', 'Connection: Upgrade\r\nUpgrade: TLS/1.2, TLS/1.0\r\n'],
  ['a WebSocket, as a proxy does for every request', WEBSOCKET],
  ['several protocols at once', 'Connection: Upgrade\r\nUpgrade: h2c, websocket\r\n'],
  ['nothing', 'Connection: Upgrade\r\nUpgrade:\r\n'],
  ['something without saying so in Connection', 'Upgrade: h2c\r\n'],
])('serves whoever offers %s', async (_what, offer) => {
  const answer = await exchange(victims.port, head('GET /data/small', offer));
  expect(statusesOf(answer)).toEqual([200]);
  expect(answer).toContain('a value');
});

it.each([
  ['GET /data/never-written', 404],
  ['GET /keys', 200],
  ['GET /health', 200],
  ['GET /nowhere', 404],
  ['GET /gossip', 404],
  ['OPTIONS /data/small', 204],
  ['DELETE /data/small', 405],
])('answers %s the same with an offer: %d', async (line, status) => {
  expect(statusesOf(await exchange(victims.port, head(line, H2C)))).toEqual([status]);
});

it('answers HEAD without a body', async () => {
  const answer = await exchange(victims.port, head('HEAD /data/small', H2C) + head('GET /data/none'));
  expect(statusesOf(answer)).toEqual([200, 404]);
  expect(answer).not.toContain('a value');
});

it.each([
  ['h2c', H2C],
  ['a WebSocket', WEBSOCKET],
])('keeps the connection for what comes after an offer of %s', async (_what, offer) => {
  const connection = await ByteConnection.open(victims.port);
  for (let count = 1; count <= 15; count += 1) {
    await connection.write(count % 3 === 0 ? PLAIN : head('GET /data/small', offer));
    await until(() => statusesOf(connection.answer).length >= count, 'the next answer');
  }
  expect(connection.closed).toBe(false);
  const metrics = await (await fetch(victims.url('/metrics'))).text();
  const held = Number(/^repram_held_bytes\{holder="connections"\} (\d+)$/m.exec(metrics)?.[1]);
  const open = Number(/^repram_connections (\d+)$/m.exec(metrics)?.[1]);
  expect(held / open).toBe(CONNECTION_BYTES);
  expect(new Set(statusesOf(connection.answer))).toEqual(new Set([200]));
  connection.destroy();
});

it('answers everything that was pipelined before and behind an offer, in order', async () => {
  const round = PLAIN + head('GET /data/none', H2C) + head('HEAD /data/small', WEBSOCKET) + PLAIN;
  const answer = await exchange(victims.port, round.repeat(20));
  expect(statusesOf(answer)).toEqual(Array.from({ length: 80 }, (_, i) => (i % 4 === 1 ? 404 : 200)));
});

const CHUNKED = 'Transfer-Encoding: chunked\r\n';
it.each([
  ['of a declared length', length(5), ['hello']],
  ['of a declared length, in pieces', length(5), ['h', 'el', 'lo']],
  ['that is empty', length(0), ['']],
  ['in chunks', CHUNKED, ['2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n']],
  ['in chunks, in pieces', CHUNKED, ['2\r\nh', 'e\r\n3\r\nll', 'o\r\n0\r\n', '\r\n']],
  ['that waits for 100 Continue', `Expect: 100-continue\r\n${length(5)}`, ['hello']],
])('takes a body %s, and the request behind it', async (_what, headers, pieces) => {
  const line = 'PUT /data/offered?ttl=600';
  const connection = await ByteConnection.open(victims.port, head(line, H2C, headers));
  const continues = headers.startsWith('Expect') ? [100] : [];
  await until(() => statusesOf(connection.answer).length >= continues.length, 'its go-ahead');
  for (const piece of pieces.slice(0, -1)) await connection.write(piece);
  await connection.write((pieces.at(-1) ?? '') + PLAIN);
  const answered = (): number[] => statusesOf(connection.answer);
  await until(() => answered().length >= continues.length + 2, 'both answers');
  expect(answered()).toEqual([...continues, 201, 200]);
  connection.destroy();
  const stored = await fetch(victims.url('/data/offered'));
  expect(await stored.text()).toBe(pieces[0] === '' ? '' : 'hello');
});

it('takes a value of megabytes with an offer, byte for byte', async () => {
  const value = Buffer.alloc(3_000_000, 'abcdefghijk');
  const connection = await ByteConnection.open(
    victims.port,
    head('PUT /data/much', WEBSOCKET, length(value.length)),
  );
  await connection.write(value);
  expect(await connection.status()).toBe(201);
  connection.destroy();
  const read = await fetch(victims.url('/data/much'));
  expect(Buffer.from(await read.arrayBuffer()).equals(value)).toBe(true);
});

it('serves an offer behind a body that is still being stored', async () => {
  const value = Buffer.alloc(200_000, 'x').toString();
  const first = head('PUT /data/first', length(value.length)) + value;
  const answer = await exchange(victims.port, first + head('GET /data/small', H2C) + PLAIN, 1000);
  expect(statusesOf(answer)).toEqual([201, 200, 200]);
});

it.each([
  ['a client of HTTP/1.0', `GET /data/small HTTP/1.0\r\n${H2C}\r\n`, 200],
  [
    'who wants the connection closed',
    head('GET /data/small', 'Connection: close, Upgrade\r\nUpgrade: h2c\r\n'),
    200,
  ],
  ['a client without a Host', `GET /data/small HTTP/1.1\r\n${H2C}\r\n`, 400],
])('closes behind %s', async (_what, request, status) => {
  const connection = await ByteConnection.open(victims.port, request);
  expect(await connection.status()).toBe(status);
  if (status === 200) await until(() => connection.closed, 'the connection closes');
  connection.destroy();
});

it('refuses junk behind an offer, and smuggles nothing out of its headers', async () => {
  const junk = await exchange(victims.port, `${head('GET /data/small', H2C)}junk\r\n\r\n`);
  expect([[], [200], [200, 400]]).toContainEqual(statusesOf(junk));
  const both = head('PUT /data/smuggled', H2C, length(3), CHUNKED);
  expect(statusOf(await exchange(victims.port, `${both}0\r\n\r\n${head('GET /data/small')}`))).toBe(400);
  const odd = head('GET /data/small', H2C, 'X-Latin: \xe4\xff\r\n', 'X-Empty:\r\n', 'x-folded: a\r\n b\r\n');
  expect([200, 400]).toContain(statusOf(await exchange(victims.port, Buffer.from(odd, 'latin1'))));
});

it.each([10, 3000])('loses nothing behind a body of %d chunks and an offer', async (chunks) => {
  const body = `${'1\r\na\r\n'.repeat(chunks)}0\r\n\r\n`;
  const write = head('PUT /data/in-chunks', CHUNKED) + body;
  for (let round = 0; round < 5; round += 1) {
    const connection = await ByteConnection.open(victims.port, write + head('GET /data/small', H2C));
    await connection.write(PLAIN.repeat(2));
    await until(() => statusesOf(connection.answer).length >= 4, 'all answers');
    expect(statusesOf(connection.answer)).toEqual([201, 200, 200, 200]);
    connection.destroy();
  }
});

describe('offers that come faster than they are answered', () => {
  const READ_AT_ONCE = 64 * 1024;
  const offers = head('GET /data/large', WEBSOCKET).repeat(900);
  let server: Server;
  let socket: Socket | null = null;
  let heldBytes = 0;
  let mostHeldBytes = 0;
  const unanswered: ServerResponse[] = [];

  beforeAll(async () => {
    server = createServer((_request, response) => unanswered.push(response));
    server.on('connection', (opened: Socket) => (socket = opened));
    server.on('upgrade', (request, _socket, rest) => {
      serveWithoutUpgrade(server, request, rest, (_of, bytes) => {
        heldBytes += bytes;
        mostHeldBytes = Math.max(mostHeldBytes, heldBytes);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it('are read as they are used up, and are accounted for until then', async () => {
    const connection = await ByteConnection.open((server.address() as AddressInfo).port);
    for (let block = 0; block < 50; block += 1) connection.socket.write(offers);
    for (let count = 1; count <= 100; count += 1) {
      await until(() => unanswered.length > 0, 'the next request');
      expect(unanswered.length).toBe(1);
      unanswered.pop()?.end('x');
      await until(() => statusesOf(connection.answer).length >= count, 'its answer');
      expect(socket?.bytesRead).toBeLessThanOrEqual(2 * READ_AT_ONCE);
    }
    await until(() => heldBytes > 0, 'the rest to wait');
    expect(mostHeldBytes).toBeLessThanOrEqual(READ_AT_ONCE + 1024);
    connection.destroy();
  });

  it('are charged, and the charge is gone with their connection', async () => {
    const requestsHeld = async (): Promise<number> => {
      const answer = await fetch(victims.url('/metrics'));
      return parseMetrics(await answer.text()).get('repram_held_bytes{holder="requests"}') ?? NaN;
    };
    const connection = await ByteConnection.open(victims.port);
    connection.socket.pause();
    connection.socket.write(offers);
    await until(async () => (await requestsHeld()) > 0, 'the offers to wait');
    expect(await requestsHeld()).toBeLessThanOrEqual(READ_AT_ONCE + 1024);
    connection.destroy();
    await until(async () => (await requestsHeld()) === 0, 'the charge to be given back');
  });
});

it('lets go of a client that leaves in the middle of its body', async () => {
  const open = victims.first.runtime.unsettled;
  const connection = await ByteConnection.open(victims.port, `${head('PUT /data/cut', H2C, length(10))}abc`);
  connection.destroy();
  await until(() => victims.first.runtime.unsettled === open, 'nothing is left');
  expect((await fetch(victims.url('/data/cut'))).status).toBe(404);
});

it('serves curl --http2 on every route', async () => {
  const run = promisify(execFile);
  const url = victims.url('/data/by-curl');
  const curl = async (...args: string[]): Promise<string> =>
    (await run('curl', ['-sS', '--http2', '-w', ' %{http_code}', ...args], { timeout: 20_000 })).stdout;
  expect(await curl('-X', 'PUT', '-d', 'from curl', `${url}?ttl=600`)).toBe('OK 201');
  expect(await curl(url, victims.url('/data/small'))).toBe('from curl 200a value 200');
  expect(await curl(victims.url('/health'))).toMatch(/"status":"ok".* 200$/);
});
