// Answers that are owed are given, whatever comes behind the request: bytes that are no request, or
// the end.
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { ByteConnection, statusesOf } from '../support/http/byte-connection';
import { until } from '../support/basics/until';

let node: FakeNode;
beforeAll(async () => {
  node = await startFakeNode();
  await node.engine.put(Buffer.from('k'), Buffer.from('value'), 600_000, 'one');
});
afterEach(async () => {
  expect((await fetch(`${node.url}/health/live`)).status).toBe(200);
});
afterAll(async () => node.close());

const HOST = 'Host: h\r\n';
const GET = `GET /data/k HTTP/1.1\r\n${HOST}\r\n`;
const put = (key: string): string => `PUT /data/${key} HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabc`;

/** All that was answered until the connection closed. */
async function answersTo(bytes: string, isHalfClosed = false): Promise<string> {
  const connection = await ByteConnection.open(node.port, bytes);
  if (isHalfClosed) connection.socket.end();
  await until(() => connection.closed, 'the connection to close');
  return connection.answer;
}

it.each([
  ['a write', put('surplus'), [201]],
  ['a read', GET, [200]],
  [
    'a read that waits for nothing and has a body',
    GET.replace(HOST, `${HOST}Content-Length: 1\r\n`) + 'x',
    [200],
  ],
  ['two writes and a read', put('one') + put('two') + GET, [201, 201, 200]],
  ['a write that was refused', put('k?ttl=0'), [400]],
  ['a list', `GET /keys HTTP/1.1\r\n${HOST}\r\n`, [200]],
])('answers %s with surplus bytes behind it, refuses these, and closes', async (_what, bytes, statuses) => {
  for (const surplus of ['X:', '\0', '\0\0\0\r\n\r\n', 'junk\r\n\r\n']) {
    expect(statusesOf(await answersTo(bytes + surplus))).toEqual([...statuses, 400]);
  }
});

describe.each([
  ['a read', GET, [200]],
  ['a write', put('in-front'), [201]],
  ['reads and writes', GET + put('in-front') + GET, [200, 201, 200]],
  ['a request that was refused', put('k?ttl=0'), [400]],
])('behind %s', (_what, bytes, statuses) => {
  it.each<[string, string, number]>([
    ['an unknown method', `FOO /data/k HTTP/1.1\r\n${HOST}\r\n`, 405],
    ['an unknown version', `GET /data/k HTTP/1.2\r\n${HOST}\r\n`, 505],
    ['a head that is too large', `GET /data/k HTTP/1.1\r\n${HOST}X: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
    ['a broken header', `GET /data/k HTTP/1.1\r\n${HOST}Foo Bar: x\r\n\r\n`, 400],
    ['a broken length', `PUT /data/k HTTP/1.1\r\n${HOST}Content-Length: +5\r\n\r\nhello`, 400],
  ])('answers %s in its turn, and closes', async (_kind, broken, status) => {
    expect(statusesOf(await answersTo(bytes + broken + GET))).toEqual([...statuses, status]);
  });

  it('answers half a head in its turn, once its client has closed its half', async () => {
    const answer = await answersTo(`${bytes}GET /data/k HTTP/1.1\r\n`, true);
    expect(statusesOf(answer)).toEqual([...statuses, 400]);
  });
});

it('answers nothing behind the answer that it has called the last one', async () => {
  const last = GET.replace(HOST, `${HOST}Connection: close\r\n`);
  expect(statusesOf(await answersTo(`${last}junk\r\n\r\n`))).toEqual([200]);
});

describe.each<[string, string, number]>([
  ['that is refused by its TTL', 'PUT /data/k?ttl=-1', 400],
  ['that may have no body', 'GET /data/k?ttl=3', 400],
  ['of an unknown path', 'PUT /nowhere', 404],
  ['of a method that is not offered', 'POST /data/k', 405],
])('a request %s ahead of its body', (_what, line, status) => {
  const head = `${line} HTTP/1.1\r\n${HOST}`;
  const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;

  it.each<[string, string]>([
    ['ends within its length', `${head}Content-Length: 100\r\n\r\nhello`],
    ['ends within a chunk', `${chunked}5\r\nab`],
    ['breaks off', `${chunked}1\r\nb\r\n\r\n\r\n`],
    ['has a broken trailer', `${chunked}1\r\nb\r\n0\r\nBad Trailer\r\n\r\n`],
    ['has too long a trailer', `${chunked}1\r\nb\r\n0\r\nX: ${'y'.repeat(70_000)}\r\n\r\n`],
  ])('is answered once when that %s', async (_how, bytes) => {
    const answers = await answersTo(bytes, true);
    expect(statusesOf(answers)).toHaveLength(1);
    // Whichever of both comes first: the head alone may be what is read of it.
    expect([[status], [400], [431]]).toContainEqual(statusesOf(answers));
    const behind = statusesOf(await answersTo(GET + put('front') + bytes, true));
    expect(behind.slice(0, 2)).toEqual([200, 201]);
    expect(behind).toHaveLength(3);
  });

  it('is answered once when that breaks later', async () => {
    const connection = await ByteConnection.open(node.port, chunked);
    await connection.status();
    await connection.write('zz\r\n');
    await until(() => connection.closed, 'the connection to close');
    expect(statusesOf(connection.answer)).toEqual([status]);
  });
});

it('answers a write before it refuses the broken body of the one behind it', async () => {
  const broken = `PUT /data/broken HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`;
  const answer = await answersTo(put('whole') + broken);
  expect(statusesOf(answer)).toEqual([201, 400]);
  expect(answer).toContain('"code":"request-invalid"');
});

it.each([
  ['a write', put('half-1'), [201]],
  ['three writes', put('half-2') + put('half-3') + put('half-4'), [201, 201, 201]],
  ['a read', GET, [200]],
  ['reads and writes', GET + put('half-5') + GET, [200, 201, 200]],
  ['a check', `GET /health HTTP/1.1\r\n${HOST}\r\n`, [200]],
])('answers %s whose client has closed its half, and closes', async (_what, bytes, statuses) => {
  for (let round = 0; round < 5; round += 1) {
    expect(statusesOf(await answersTo(bytes, true))).toEqual(statuses);
  }
});

it.each([
  ['a length', 'Content-Length: 100\r\n\r\nabc'],
  ['chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\nabc'],
  ['chunks and no end', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
])('says of half a body in %s that it was incomplete', async (_what, rest) => {
  const answer = await answersTo(`PUT /data/incomplete HTTP/1.1\r\n${HOST}${rest}`, true);
  expect(statusesOf(answer)).toEqual([400]);
  expect(answer).toContain('"code":"body-incomplete"');
  expect(await node.engine.get(Buffer.from('incomplete'))).toBeNull();
});

it('says of half a head that it is no request', async () => {
  const answer = await answersTo(`PUT /data/incomplete HTTP/1.1\r\n${HOST}`, true);
  expect(answer).toContain('"code":"request-invalid"');
});

it.each(['CONNECT h:80', 'CONNECT /data/k'])(
  'answers %s with a problem, behind what it owes',
  async (line) => {
    const answer = await answersTo(`${put('before')}${GET}${line} HTTP/1.1\r\n${HOST}\r\n${GET}`);
    expect(statusesOf(answer)).toEqual([201, 200, 405]);
    expect(answer).toContain('"code":"method-not-allowed"');
    expect(answer).toContain('Allow: GET, HEAD, OPTIONS, PUT\r\n');
  },
);
