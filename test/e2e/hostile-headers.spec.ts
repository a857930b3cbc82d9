// Thousands of header fields, and what matters behind them: nothing is dropped, so nothing is done
// as if it had not been sent.
import { exchange, ByteConnection, statusesOf, statusOf } from '../support/http/byte-connection';
import { Victims } from '../support/processes/victims';

const KNOWN_PROXY = { trustProxy: true, rateLimitPerSecond: 0 };
let victims: Victims;
beforeAll(async () => {
  victims = await Victims.start(1, KNOWN_PROXY);
});
afterEach(() => victims.expectUnharmed());
afterAll(() => victims.stop());

const fields = (count: number): string => 'a:\r\n'.repeat(count);
const request = (line: string, headers: string, body = ''): Promise<string> =>
  exchange(victims.port, `${line} HTTP/1.1\r\nHost: h\r\n${headers}\r\n${body}`);

it.each([
  'If-None-Match: *',
  'If-Match: "other"',
  'Content-Range: bytes 0-0/9',
  'Content-Encoding: gzip',
  'If-Unmodified-Since: x',
  'X-TTL: never',
  'Host: second',
  'Expect: the-unexpected',
  'X-Forwarded-For: 192.0.2.7',
])('writes nothing when %s stands behind more fields than are allowed', async (header) => {
  const answer = await request('PUT /data/small', `Content-Length: 3\r\n${fields(2000)}${header}\r\n`, 'new');
  expect(statusesOf(answer)).toEqual([431]);
  expect(answer).toContain('"code":"headers-too-large"');
});

it.each([
  ['a length', 'PUT /data/small', 'Content-Length: 3', 'new'],
  ['chunks', 'PUT /data/small', 'Transfer-Encoding: chunked', '3\r\nnew\r\n0\r\n\r\n'],
  ['an unknown coding', 'PUT /data/small', 'Transfer-Encoding: gzip, chunked', '3\r\nnew\r\n0\r\n\r\n'],
  ['a minimum version', 'GET /data/small', 'X-Repram-Min-Version: zz', ''],
])('refuses a request whose last field of thousands is %s', async (_what, line, header, body) => {
  const next = 'GET /data/small HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n';
  const answer = await request(line, `${fields(600)}${header}\r\n`, body + next);
  expect(statusesOf(answer)).toEqual([431, 200]);
});

it('judges what stands behind as many fields as are allowed', async () => {
  const guarded = `Content-Length: 3\r\n${fields(497)}If-None-Match: *\r\n`;
  expect(statusOf(await request('PUT /data/small', guarded, 'new'))).toBe(412);
  expect(statusOf(await request('PUT /data/small', `a:\r\n${guarded}`, 'new'))).toBe(431);
});

it.each(['websocket', 'h2c'])('refuses an upgrade to %s with too many fields', async (token) => {
  const connection = await ByteConnection.open(
    victims.port,
    `GET /gossip HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: ${token}\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${fields(2000)}X-Forwarded-For: 192.0.2.7\r\n\r\n`,
  );
  expect(await connection.status()).toBe(431);
  expect(connection.answer).toContain('"code":"headers-too-large"');
  connection.destroy();
});
