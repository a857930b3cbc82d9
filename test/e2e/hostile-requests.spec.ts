// Requests that no client sends by accident, byte by byte to a real node: each gets a proper
// refusal or a closed socket, never a 500, and the node serves on with everything it stored.
import { exchange, ByteConnection, statusesOf, statusOf } from '../support/http/byte-connection';
import { Victims } from '../support/processes/victims';
import { until } from '../support/basics/until';

let victims: Victims;
beforeAll(async () => {
  victims = await Victims.start(1);
});
afterEach(() => victims.expectUnharmed());
afterAll(() => victims.stop());

const HOST = 'Host: h\r\n';
const send = (head: string, rest: string | Buffer = ''): Promise<string> =>
  exchange(
    victims.port,
    Buffer.concat([Buffer.from(`${head}\r\nConnection: close\r\n\r\n`, 'latin1'), Buffer.from(rest)]),
  );
const get = (target: string): Promise<string> => send(`GET ${target} HTTP/1.1\r\nHost: h`);

/** A refusal is a 4xx or 5xx with a problem, said once, or nothing but a closed socket. */
function expectRefusal(answer: string): void {
  const [status = 0, ...more] = statusesOf(answer);
  expect(more.filter((each) => each !== 200)).toEqual([]);
  expect(status).not.toBe(500);
  if (answer === '') return;
  expect(status).toBeGreaterThanOrEqual(400);
  expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
  expect(answer).toContain(`"status":${String(status)}`);
}

const BROKEN = ['%', '%Z', '%ZZ', '%4', '%C3', '%FF', '%C0%80', '%ED%A0%80', '%E2%82', '%u0041', '%%'];

it.each([
  ['the key', (code: string) => `/data/a${code}`],
  ['the middle of a key', (code: string) => `/data/${code}/b`],
  ['the key below /v1', (code: string) => `/v1/data/${code}`],
  ['the first segment', (code: string) => `/da${code}ta/k`],
  ['the second segment of another route', (code: string) => `/health/${code}`],
  ['a segment of a path nobody serves', (code: string) => `/x/${code}/y`],
  ['an absolute target', (code: string) => `http://h/data/${code}`],
  ['a prefix', (code: string) => `/keys?prefix=${code}`],
  ['a limit', (code: string) => `/keys?limit=${code}`],
  ['a cursor', (code: string) => `/keys?cursor=${code}`],
])('refuses broken percent-encoding in %s', async (_where, target) => {
  for (const code of BROKEN) expectRefusal(await get(target(code)));
});

it.each([
  ['a query nobody asks for', (code: string) => `/data/small?x=${code}&${code}=y`],
  ['the name of a parameter', (code: string) => `/keys?${code}=1`],
])('refuses broken percent-encoding in %s', async (_where, target) => {
  for (const code of BROKEN) expectRefusal(await get(target(code)));
});

it('stores nothing for a write whose ttl or level is broken percent-encoding', async () => {
  for (const code of BROKEN) {
    for (const name of ['ttl', 'w']) {
      expectRefusal(
        await send(`PUT /data/broken?${name}=${code} HTTP/1.1\r\nHost: h\r\nContent-Length: 1`, 'x'),
      );
    }
  }
  expect(statusOf(await get('/data/broken'))).toBe(404);
});

it.each(['//', '///', '//data/small', '/data//small//', '/./data/small', '/../data/small', '/data;x/small'])(
  'takes %s for what it is and not for another path',
  async (target) => {
    expect(statusOf(await get(target))).toBe(404);
  },
);

it.each([
  ['absolute-form', 'GET http://elsewhere:1/data/small', 200],
  ['absolute-form of https', 'GET https://elsewhere/data/small', 200],
  ['absolute-form with a user', 'GET http://user:pass@h/data/small', 200],
  ['absolute-form without a path', 'GET http://elsewhere?x=/data/small', 200],
  ['another scheme', 'GET ftp://elsewhere/data/small', 404],
  ['asterisk-form', 'OPTIONS *', 204],
  ['asterisk-form of GET', 'GET *', 404],
  ['a target without a slash', 'GET data/small', 400],
  ['a fragment', 'GET /data/small#x', 404],
  ['a backslash', 'GET /data\\small', 404],
])('answers a target in %s (%s) with %d', async (_form, line, status) => {
  expect(statusOf(await send(`${line} HTTP/1.1\r\nHost: h`))).toBe(status);
});

it.each([
  ['no Host', 400, ''],
  ['an empty Host', 200, 'Host:\r\n'],
  ['a Host with a port', 200, 'Host: a.example:8081\r\n'],
  ['a Host in IPv6', 200, 'Host: [::1]:8081\r\n'],
  ['a Host of junk', 400, 'Host: %%%[]@@//\r\n'],
  ['a Host with a user', 400, 'Host: user@h\r\n'],
  ['a Host with a path', 400, 'Host: h/data\r\n'],
  ['two Hosts', 400, 'Host: a\r\nHost: b\r\n'],
  ['the same Host twice', 400, 'Host: a\r\nhost: a\r\n'],
  ['two Hosts in one', 400, 'Host: a, b\r\n'],
  ['a Host of 10,000 bytes', 400, `Host: ${'h'.repeat(10_000)}\r\n`],
  ['a Host with a null byte', 400, 'Host: a\0b\r\n'],
])('answers a request with %s with %d', async (_what, status, host) => {
  const answer = await exchange(victims.port, `GET /data/small HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
  expect(statusOf(answer)).toBe(status);
  if (status === 400) expectRefusal(answer);
});

it('serves HTTP/1.0 and closes', async () => {
  const connection = await ByteConnection.open(victims.port, 'GET /data/small HTTP/1.0\r\n\r\n');
  expect(await connection.status()).toBe(200);
  expect(connection.answer).toContain('a value');
  expect(connection.answer.toLowerCase()).toContain('connection: close');
});

it.each([
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['HTTP/1.2', `GET / HTTP/1.2\r\n${HOST}\r\n`],
  ['HTTP/9.9', `GET / HTTP/9.9\r\n${HOST}\r\n`],
  ['a lower-case method', `get / HTTP/1.1\r\n${HOST}\r\n`],
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['a TLS greeting', Buffer.from('16030100a5010000a10303', 'hex')],
  ['null bytes', Buffer.alloc(100)],
  ['a line feed alone', `GET / HTTP/1.1\n${HOST}\n`],
  ['a null byte in the target', `GET /data/\0 HTTP/1.1\r\n${HOST}\r\n`],
  ['a null byte in a header', `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`],
  ['a header name with a space', `GET / HTTP/1.1\r\n${HOST}X Y: 1\r\n\r\n`],
  ['a space before the colon', `GET / HTTP/1.1\r\n${HOST}X : 1\r\n\r\n`],
  ['a header without a name', `GET / HTTP/1.1\r\n${HOST}: 1\r\n\r\n`],
  ['a folded header', `GET / HTTP/1.1\r\n${HOST}X: 1\r\n 2\r\n\0\r\n\r\n`],
])('refuses %s', async (_what, bytes) => {
  expectRefusal(await exchange(victims.port, bytes));
});

it.each(['TRACE', 'PROPFIND', 'LOCK', 'SEARCH', 'POST', 'PATCH', 'DELETE', 'PURGE'])(
  'refuses the method %s on every route',
  async (method) => {
    for (const path of ['/data/small', '/keys', '/health', '/peers', '/', '/nowhere']) {
      const answer = await send(`${method} ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: 0`);
      expectRefusal(answer);
      expect(answer).not.toBe('');
    }
  },
);

it.each(['CONNECT h:80', 'CONNECT /data/small', 'FETCH /data/small', 'X /'])('refuses %s', async (line) => {
  expectRefusal(await send(`${line} HTTP/1.1\r\nHost: h`));
});

it('closes on who asks with HTTP/0.9', async () => {
  const connection = await ByteConnection.open(victims.port, 'GET /data/small\r\n');
  connection.socket.end();
  await until(() => connection.closed, 'the connection closes');
  expect(connection.answer).not.toContain('a value');
});

const ONE = `GET /data/small HTTP/1.1\r\n${HOST}\r\n`;

it('answers pipelined requests in order', async () => {
  const answer = await exchange(
    victims.port,
    `${ONE}GET /data/none HTTP/1.1\r\n${HOST}\r\n${ONE}`.repeat(200),
  );
  expect(statusesOf(answer)).toEqual(Array.from({ length: 600 }, (_, i) => (i % 3 === 1 ? 404 : 200)));
});

it('answers requests in front of junk, then the junk with its refusal, and nothing behind it', async () => {
  const connection = await ByteConnection.open(victims.port, `${ONE.repeat(3)}junk\r\n\r\n${ONE}`);
  await until(() => connection.closed, 'the connection closes');
  expect(statusesOf(connection.answer)).toEqual([200, 200, 200, 400]);
});

it.each([
  ['Range: bytes=0-0', 200],
  ['Range: bytes=999999999-', 200],
  ['Range: junk', 200],
  ['If-Range: "x"', 200],
  ['If-None-Match: ,,,"', 200],
  ['If-None-Match: *', 304],
  ['Expect: the-unexpected', 417],
  ['If-Match: *', 200],
  ['If-Match: "other"', 412],
  ['TE: gzip, trailers', 200],
  ['X-Repram-Min-Version: 1\r\nX-Repram-Min-Version: 1', 400],
  ['Accept: nothing/at-all', 200],
  ['Accept-Encoding: gzip;q=0, *;q=0', 200],
  ['X-Repram-Min-Version: ffffffffffffff-0000000000000000', 400],
  ['X-Repram-Min-Version: 1fffffffffffff-zzzzzzzzzzzzzzzz', 400],
  ['Connection: Upgrade\r\nUpgrade: websocket', 200],
])('answers a read with %s with %d', async (header, status) => {
  const answer = await send(`GET /data/small HTTP/1.1\r\nHost: h\r\n${header}`);
  expect(statusOf(answer)).toBe(status);
});
