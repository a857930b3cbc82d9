// Bytes that are no request: the answer names what is wrong with them, and what would be right.
// Without an engine: what comes is no request.
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { exchange, statusesOf } from '../support/http/byte-connection';

let node: FakeNode;
beforeAll(async () => {
  node = await startFakeNode();
});
afterAll(() => node.close());

const HOST = 'Host: h\r\n';
const PUT = `PUT /data/k?ttl=600 HTTP/1.1\r\n${HOST}`;
const CHUNKED = `${PUT}Transfer-Encoding: chunked\r\n\r\n`;
const END = '0\r\n\r\n';

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

async function problemFor(bytes: string | Buffer): Promise<Problem> {
  const answer = await exchange(node.port, bytes);
  return JSON.parse(answer.slice(answer.lastIndexOf('{"type"'))) as Problem;
}

it.each<[string, string | Buffer, RegExp]>([
  ['a method of lower case', `get /data/k HTTP/1.1\r\n${HOST}\r\n`, /method of HTTP in upper-case letters/],
  ['TLS', Buffer.from('16030100c8010000c40303', 'hex'), /TLS is not spoken here/],
  [
    'a key that is not percent-encoded',
    Buffer.from(`GET /data/käy HTTP/1.1\r\n${HOST}\r\n`),
    /all but plain ASCII percent-encoded/,
  ],
  ['a space in a key', `GET /data/a b HTTP/1.1\r\n${HOST}\r\n`, /a space in a target is %20/],
  ['a target without a path', `GET other:80 HTTP/1.1\r\n${HOST}\r\n`, /must be \/path/],
  ['a version of no minor number', `GET /data/k HTTP/1.\r\n${HOST}\r\n`, /and HTTP\/1\.1/],
  ['a version of three numbers', `GET /data/k HTTP/1.1.1\r\n${HOST}\r\n`, /and HTTP\/1\.1/],
  ['line ends of Unix', 'GET /data/k HTTP/1.1\nHost: h\n\n', /end with CR LF/],
  ['one such in the headers', 'GET /data/k HTTP/1.1\r\nHost: h\nA: b\r\n\r\n', /end with CR LF/],
  ['a header on two lines', `GET /data/k HTTP/1.1\r\n${HOST}A: b\r\n c\r\n\r\n`, /in one line/],
  ['a header without a colon', `GET /data/k HTTP/1.1\r\n${HOST}abc\r\n\r\n`, /a colon at once behind it/],
  ['a length that is none', `${PUT}Content-Length: -1\r\n\r\n`, /Content-Length must be one whole number/],
  [
    'two lengths',
    `${PUT}Content-Length: 3\r\nContent-Length: 3\r\n\r\n`,
    /Content-Length must be given once/,
  ],
  [
    'a length beside chunks',
    `${PUT}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n`,
    /cannot stand beside Content-Length/,
  ],
  [
    'an unknown coding',
    `${PUT}Transfer-Encoding: xchunked\r\n\r\n`,
    /Transfer-Encoding must end with chunked/,
  ],
  ['a length beyond all', `${PUT}Content-Length: ${'9'.repeat(30)}\r\n\r\n`, /digits, below 2\^64/],
  ['a chunk beyond all', `${CHUNKED}FFFFFFFFFFFFFFFFF\r\nabc\r\n${END}`, /digits, below 2\^64/],
  ['a chunk of no size', `${CHUNKED}0x3\r\nabc\r\n${END}`, /size in hexadecimal digits/],
  ['a chunk longer than it says', `${CHUNKED}3\r\nabcd\r\n${END}`, /the bytes of each chunk, must end/],
  ['a long extension', `${CHUNKED}3;${'a'.repeat(20_000)}\r\nabc\r\n${END}`, /at most 16384 bytes/],
])('says what is wrong with %s', async (_what, bytes, rule) => {
  const problem = await problemFor(bytes);
  expect(problem).toMatchObject({ status: 400, code: 'request-invalid' });
  expect(problem.detail).toMatch(rule);
});

it.each<[string, string]>([
  ['GET of a value with HTTP/2.0', `GET /data/k HTTP/2.0\r\n${HOST}\r\n`],
  ['a HEAD without a version', `HEAD /data/k\r\n${HOST}\r\n`],
  [
    'PUT with HTTP/2.0, kept alive,',
    `PUT /data/k HTTP/2.0\r\n${HOST}Connection: keep-alive\r\nContent-Length: 1\r\n\r\nv`,
  ],
  ['GET of a list with HTTP/2.0', `GET /keys HTTP/2.0\r\n${HOST}\r\n`],
  ['GET of nothing with HTTP/2.0', `GET /nowhere HTTP/2.0\r\n${HOST}\r\n`],
  ['HTTP/0.9', `GET /data/k HTTP/0.9\r\n${HOST}\r\n`],
  ['HTTP/1.2', `GET /data/k HTTP/1.2\r\n${HOST}\r\n`],
  ['HTTP/3.0', `GET /data/k HTTP/3.0\r\n${HOST}\r\n`],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a tunnel with HTTP/2.0', `CONNECT h:80 HTTP/2.0\r\n${HOST}\r\n`],
  [
    'an offered upgrade with HTTP/2.0',
    `GET /data/k HTTP/2.0\r\n${HOST}Connection: Upgrade\r\nUpgrade: x\r\n\r\n`,
  ],
  [
    'a peer with HTTP/2.0',
    `GET /gossip HTTP/2.0\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  ],
])('answers %s with 505, once, and ends the connection', async (_what, bytes) => {
  const answer = await exchange(node.port, `${bytes}GET /health/live HTTP/1.1\r\n${HOST}\r\n`);
  expect(statusesOf(answer)).toEqual([505]);
  if (!bytes.startsWith('HEAD')) expect(answer).toContain('"code":"http-version-unsupported"');
});

it.each<[string, string, number, string]>([
  ['of a value', `FOO /data/k HTTP/1.1\r\n${HOST}\r\n`, 405, 'GET, HEAD, OPTIONS, PUT'],
  ['below /v1', `FOO /v1/data/a/b?ttl=1 HTTP/1.1\r\n${HOST}\r\n`, 405, 'GET, HEAD, OPTIONS, PUT'],
  ['of a list', `GETT /keys?limit=1 HTTP/1.1\r\n${HOST}\r\n`, 405, 'GET, HEAD, OPTIONS'],
  ['with its whole address', `M-FOO http://h/keys HTTP/1.0\r\n${HOST}\r\n`, 405, 'GET, HEAD, OPTIONS'],
  ['of nothing', `FOO /nowhere HTTP/1.1\r\n${HOST}\r\n`, 404, ''],
])('answers an unknown method for the path %s as any other that it does not offer', async (...given) => {
  const [, bytes, status, allow] = given;
  const answer = await exchange(node.port, bytes);
  expect(statusesOf(answer)).toEqual([status]);
  expect(/^Allow: (.*)\r$/im.exec(answer)?.[1] ?? '').toBe(allow);
  expect(answer).toContain(status === 405 ? `This path offers ${allow}.` : '"code":"not-found"');
});

it('says how large a head may be', async () => {
  const limit = 16_384 + 3 * 4096;
  const { code, detail } = await problemFor(`GET /data/${'a'.repeat(limit)} HTTP/1.1\r\n${HOST}\r\n`);
  expect({ code, detail }).toEqual({
    code: 'headers-too-large',
    detail: expect.stringContaining(`${limit} bytes`) as string,
  });
});

it.each<[string, string, string, RegExp]>([
  ['Expect', `${PUT}Expect: tea\r\nContent-Length: 1\r\n\r\nv`, 'expectation-failed', /given: "tea"/],
  ['Host', 'GET /data/k HTTP/1.1\r\nHost: a b\r\n\r\n', 'request-invalid', /given: "a b"/],
  [
    'Content-Encoding',
    `${PUT}Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nv`,
    'content-coding-unsupported',
    /given: "gzip"/,
  ],
  [
    'Transfer-Encoding',
    `${PUT}Transfer-Encoding: gzip, chunked\r\n\r\n${END}`,
    'transfer-coding-unsupported',
    /given: "gzip, chunked"/,
  ],
])('shows what was given as %s', async (_name, bytes, code, given) => {
  const problem = await problemFor(bytes);
  expect(problem.code).toBe(code);
  expect(problem.detail).toMatch(given);
});
