// What a request asks for is done or refused, and never dropped in silence: over raw sockets, to a
// node without peers.
import { onGossipOnly } from '../support/redis/gossip-only';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { call } from '../support/http/calls';
import { exchange, ByteConnection, statusesOf, statusOf } from '../support/http/byte-connection';
import { until } from '../support/basics/until';

let node: FakeNode;
beforeAll(async () => {
  node = await startFakeNode({ valueBytesMax: 1000 });
});
afterEach(() => {
  node.engine.currentState = 'ready';
});
afterAll(() => node.close());

const send = (line: string, headers: readonly string[] = [], body = ''): Promise<string> =>
  exchange(
    node.port,
    [`${line} HTTP/1.1`, 'Host: h', 'Connection: close', ...headers, '', body].join('\r\n'),
  );
const put = (key: string, headers: readonly string[] = [], body = 'value'): Promise<string> =>
  send(`PUT /data/${key}`, [`Content-Length: ${String(body.length)}`, ...headers], body);
const codeOf = (answer: string): string => /"code":"([a-z-]+)"/.exec(answer)?.[1] ?? '';
const statusAndCode = (answer: string): string => `${String(statusOf(answer))} ${codeOf(answer)}`.trim();
const etagOf = async (key: string): Promise<string> =>
  String((await call(node.port, `/data/${key}`)).headers.etag);

describe('a write', () => {
  it.each([
    ['Content-Range: bytes 0-4/10', '400 content-range-refused'],
    ['Content-Encoding: gzip', '415 content-coding-unsupported'],
    ['Content-Encoding: identity', '201'],
    ['If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT', '501 precondition-unsupported'],
    ['If-Match: unquoted', '400 precondition-invalid'],
    ['If-None-Match: 6882b0813d000-9f8a2c4e6b1d3570', '400 precondition-invalid'],
    ['If-None-Match: "a" "b"', '400 precondition-invalid'],
    ['If-None-Match: *\r\nIf-None-Match: "a"', '400 precondition-invalid'],
    ['If-Match: *', '412 precondition-failed'],
    ['If-Match: "6882b0813d000-9f8a2c4e6b1d3570"', '412 precondition-failed'],
    ['If-None-Match: *', '201'],
    ['If-None-Match: "a", W/"b"', '201'],
    ['X-TTL: 600\r\nX-TTL: 600', '400 ttl-invalid'],
    ['X-TTL: 600, 700', '400 ttl-invalid'],
    ['X-TTL: 600s', '400 ttl-invalid'],
    ['If-None-Match: "q", ,"r"', '201'],
    ['If-None-Match: ,"q",', '201'],
    ['If-None-Match: "q"\r\nIf-None-Match:\r\nIf-None-Match: "r"', '201'],
    ['If-None-Match: ,', '400 precondition-invalid'],
    ['If-None-Match: *, "q"', '400 precondition-invalid'],
    ['If-Match: , "q" ,', '412 precondition-failed'],
    ['Content-Encoding: identity, ,identity', '201'],
    ['Content-Encoding: identity, gzip', '415 content-coding-unsupported'],
    ['X-Repram-Connected: required\r\nX-Repram-Connected: required', '400 precondition-invalid'],
    ['If-None-Match: "a"\r\nIf-None-Match: "b"', '201'],
    ['If-None-Match: "a"\r\nIf-None-Match: b', '400 precondition-invalid'],
    ['Expect:', '201'],
    ['Host: h', '400 request-invalid'],
    ['Expect: 100-continue, more', '417 expectation-failed'],
    ['Expect: 200-ok', '417 expectation-failed'],
    ['Range: bytes=0-1', '201'],
    ['If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT', '201'],
    ['TE: gzip, trailers', '201'],
  ])('with %s is answered %s, and stored only then', async (header, expected) => {
    const key = `header-${Buffer.from(header).toString('hex')}`;
    expect(statusAndCode(await put(key, header.split('\r\n')))).toBe(expected);
    expect(statusOf(await send(`GET /data/${key}`))).toBe(expected === '201' ? 200 : 404);
  });

  it.each([
    ['tll=600', 'ttl'],
    ['TTL=600', 'ttl'],
    ['ttl=600&level=all', 'ttl'],
    ['W=all', 'w'],
  ])('with the parameter of ?%s is refused, and told of %s', async (query, nearest) => {
    const answer = await send(`PUT /data/misspelt?${query}`, ['Content-Length: 1'], 'x');
    expect(statusAndCode(answer)).toBe('400 query-invalid');
    expect(answer).toContain(`did you mean ${nearest}?`);
    expect(statusOf(await send('GET /data/misspelt'))).toBe(404);
  });

  it.each(['ttl=600&ttl=600', 'w=1&w=1', 'ttl=600&t%74l=900'])(
    'with one parameter twice, as in ?%s, is refused',
    async (query) => {
      const answer = await send(`PUT /v1/data/doubled?${query}`, ['Content-Length: 1'], 'x');
      expect(statusAndCode(answer)).toBe('400 query-invalid');
    },
  );

  it('takes the lifetime of the query before that of the header, in any lane', async () => {
    for (const path of ['/data/both', '/v1/data/both']) {
      const answer = await send(`PUT ${path}?ttl=700`, ['X-TTL: 600', 'Content-Length: 1'], 'x');
      expect(statusOf(answer)).toBe(201);
      expect(answer.toLowerCase()).toContain('x-ttl: 700\r\n');
    }
  });

  it.each(['/data/twice-said', '/v1/data/twice-said'])(
    'with a header twice is refused, also where %s?ttl= goes before it',
    async (path) => {
      for (const second of ['600', '700']) {
        const headers = ['X-TTL: 600', `X-TTL: ${second}`, 'Content-Length: 1'];
        const answer = await send(`PUT ${path}?ttl=500`, headers, 'x');
        expect(statusAndCode(answer)).toBe('400 ttl-invalid');
        expect(answer).toContain(`was \\"600, ${second}\\"`);
      }
      expect(statusOf(await send(`GET ${path}`))).toBe(404);
    },
  );

  it.each([
    ['GET /events', 'Last-Event-ID', 'a', 'a'],
    ['GET /v1/events?since=b', 'last-event-id', 'a', ''],
    ['GET /data/once', 'X-Repram-Key', 'once', 'once'],
    ['PUT /data/once', 'X-Repram-Key', 'once', 'twice'],
    ['PUT /v1/data/once', 'X-Repram-Key', '', ''],
  ])(
    'with a header twice that is given once is refused by its name: %s, %s',
    async (line, name, one, other) => {
      const answer = await send(line, [`${name}: ${one}`, `${name}: ${other}`, 'Content-Length: 0']);
      expect(statusAndCode(answer)).toBe('400 request-invalid');
      expect(answer.toLowerCase()).toContain(`"detail":"${name.toLowerCase()} must be given once`);
      expect(statusOf(await send('GET /data/once'))).toBe(404);
    },
  );

  it('takes a comma in such a header for a part of what it says', async () => {
    const answer = await send('PUT /data/a,b', ['X-Repram-Key: a,b', 'Content-Length: 0']);
    expect(statusOf(answer)).toBe(201);
  });

  it.each([
    ['Content-Length: +1', 400],
    ['Content-Length: 1 1', 400],
    ['Content-Length: 1, 1', 400],
    ['Content-Length: 1\r\nContent-Length: 1', 400],
    ['Content-Length: 0x1', 400],
    ['Content-Length: -1', 400],
    ['Transfer-Encoding: chunked\r\nContent-Length: 1', 400],
    ['Transfer-Encoding: gzip', 400],
    ['Transfer-Encoding: chunked, gzip', 400],
    ['Transfer-Encoding: gzip, chunked', 501],
    ['Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked', 501],
  ])('whose body is framed by %s is answered %d', async (header, status) => {
    const answer = await send('PUT /data/framed', header.split('\r\n'), '1\r\nx\r\n0\r\n\r\n');
    expect(statusesOf(answer)[0]).toBe(status);
    expect(statusOf(await send('GET /data/framed'))).toBe(404);
  });

  it('takes trailers and does not act on them', async () => {
    const chunked = ['Transfer-Encoding: chunked', 'Trailer: X-TTL'];
    const answer = await send('PUT /data/trailed', chunked, '1\r\nx\r\n0\r\nX-TTL: 999\r\n\r\n');
    expect(answer).toContain('x-ttl: 3600');
  });
});

describe('a condition', () => {
  const askingPeers = onGossipOnly('a server judges conditions, and no peer is asked');

  it('lets one of many writers at the same node create a key', async () => {
    const writers = Array.from({ length: 20 }, (_, i) =>
      put('created', ['If-None-Match: *'], `by ${String(i)}`),
    );
    const statuses = (await Promise.all(writers)).map(statusOf);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(19);
  });

  it('lets one of many writers replace the version they all read', async () => {
    await put('swapped');
    const etag = await etagOf('swapped');
    const writers = Array.from({ length: 20 }, () => put('swapped', [`If-Match: ${etag}`], 'new'));
    const statuses = (await Promise.all(writers)).map(statusOf).sort();
    expect(statuses).toEqual([201, ...Array<number>(19).fill(412)]);
    expect(await etagOf('swapped')).not.toBe(etag);
  });

  it('that fails names the version that is here, and leaves it alone', async () => {
    await put('kept');
    const etag = await etagOf('kept');
    for (const header of ['If-None-Match: *', `If-None-Match: "x", W/${etag}`, `If-Match: W/${etag}`]) {
      const answer = await put('kept', [header], 'other');
      expect(statusAndCode(answer)).toBe('412 precondition-failed');
      expect(answer).toContain(`etag: ${etag}`);
    }
    expect(await etagOf('kept')).toBe(etag);
  });

  it('on GET guards a read: If-Match compares strongly', async () => {
    await put('guarded');
    const etag = await etagOf('guarded');
    const read = async (match: string): Promise<number> =>
      statusOf(await send('GET /data/guarded', [`If-Match: ${match}`]));
    expect([await read(etag), await read('*'), await read(`W/${etag}`), await read('"x"')]).toEqual([
      200, 200, 412, 412,
    ]);
  });

  askingPeers(
    'is judged by what peers said where a node must ask them every time, for one writer of many',
    async () => {
      jest.spyOn(node.engine, 'get').mockImplementation(() => Promise.resolve(null));
      const writers = Array.from({ length: 20 }, () => put('asked', ['If-None-Match: *']));
      const statuses = (await Promise.all(writers)).map(statusOf).sort();
      jest.restoreAllMocks();
      expect(statuses).toEqual([201, ...Array<number>(19).fill(412)]);
    },
  );

  askingPeers('is judged by the version that a peer gave where this node keeps none', async () => {
    await put('elsewhere');
    const { engine } = node;
    const record = engine.peek(Buffer.from('elsewhere'));
    const etag = await etagOf('elsewhere');
    jest.spyOn(engine, 'peek').mockReturnValue(null);
    jest.spyOn(engine, 'get').mockImplementation(() => Promise.resolve(record));
    const answers = [
      await put('elsewhere', ['If-None-Match: *']),
      await put('elsewhere', [`If-Match: ${etag}`]),
    ];
    jest.restoreAllMocks();
    expect(answers.map(statusOf)).toEqual([412, 201]);
  });

  askingPeers('is not judged by a node that is behind its peers and cannot tell', async () => {
    jest.spyOn(node.engine, 'get').mockImplementation(() => Promise.resolve('unknown'));
    expect(statusAndCode(await put('unsure', ['If-None-Match: *']))).toBe('503 syncing');
    jest.restoreAllMocks();
    expect(statusOf(await send('GET /data/unsure'))).toBe(404);
  });
});

describe('100 Continue', () => {
  const announce = (line: string, ...headers: string[]): Promise<ByteConnection> =>
    ByteConnection.open(
      node.port,
      `${[`${line} HTTP/1.1`, 'Host: h', 'Expect: 100-continue', ...headers].join('\r\n')}\r\n\r\n`,
    );

  it('comes once nothing speaks against the body', async () => {
    const connection = await announce('PUT /data/awaited', 'Content-Length: 5');
    expect(await connection.status()).toBe(100);
    await connection.write('value');
    await until(() => statusesOf(connection.answer).length >= 2, 'the final answer');
    expect(statusesOf(connection.answer)).toEqual([100, 201]);
    connection.destroy();
  });

  it.each([
    ['a value that is too large', 'PUT /data/large', 'Content-Length: 1001', 413],
    ['a key that is none', 'PUT /data/%ZZ', 'Content-Length: 5', 400],
    ['a ttl that is none', 'PUT /data/k?ttl=soon', 'Content-Length: 5', 400],
    ['a parameter that is unknown', 'PUT /data/k?tll=600', 'Content-Length: 5', 400],
    ['a condition that fails', 'PUT /data/k', 'If-Match: *\r\nContent-Length: 5', 412],
    ['a part of a value', 'PUT /data/k', 'Content-Range: bytes 0-4/10\r\nContent-Length: 5', 400],
    ['a method that is not there', 'POST /data/k', 'Content-Length: 5', 405],
    ['a path that is not there', 'PUT /nowhere', 'Content-Length: 5', 404],
  ])('does not come before the refusal of %s', async (_what, line, headers, status) => {
    const connection = await announce(line, headers);
    expect(await connection.status()).toBe(status);
    expect(statusesOf(connection.answer)).toEqual([status]);
    expect(connection.answer.toLowerCase()).toContain('connection: close');
    connection.destroy();
  });

  it.each(['Expect: 100-continue', 'Expect: , 100-Continue,', 'X: y'])(
    'comes once for a client that asks for it twice (%s)',
    async (further) => {
      const connection = await announce('PUT /data/twice', 'Content-Length: 5', further);
      expect(await connection.status()).toBe(100);
      await connection.write('value');
      await until(() => statusesOf(connection.answer).length >= 2, 'the final answer');
      expect(statusesOf(connection.answer)).toEqual([100, 201]);
      connection.destroy();
    },
  );

  it('is nothing that a client of HTTP/1.0 is sent', async () => {
    const head = 'PUT /data/old HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx';
    expect(statusesOf(await exchange(node.port, head))).toEqual([201]);
  });
});

describe('a query parameter that a path does not know', () => {
  const API = [
    ...['/data/k', '/v1/data/k', '/keys', '/v1/keys', '/scan', '/peers', '/status', '/v1/status'],
    ...['/health', '/health/live', '/health/ready', '/v1/health', '/v1/topology', '/openapi.json'],
    ...['/metrics', '/v1/metrics'],
  ];
  it.each(API)('is refused by %s', async (path) => {
    for (const method of ['GET', 'HEAD']) {
      expect((await call(node.port, `${path}?limt=1`, { method })).status).toBe(400);
    }
    const { body } = await call(node.port, `${path}?limt=1`);
    expect(JSON.parse(body.toString())).toMatchObject({
      code: 'query-invalid',
      detail: expect.stringContaining('"limt"') as string,
    });
  });

  it.each(['/', '/docs'])('is nothing to the page %s, to which others link as they like', async (path) => {
    expect((await call(node.port, `${path}?fbclid=x&fbclid=y`)).status).toBe(200);
  });

  it('does not hide that a path or a method is not there', async () => {
    expect((await call(node.port, '/nowhere?x=1')).status).toBe(404);
    expect((await call(node.port, '/keys?x=1', { method: 'DELETE' })).status).toBe(405);
  });
});

describe('the list of keys below /v1', () => {
  it('goes on behind the last key of a page, which is its cursor too', async () => {
    const keys = ['v2/a', 'v2/b c', 'v2/ü/€', 'v2/🙂'];
    for (const key of keys) await node.engine.put(Buffer.from(key), Buffer.from('v'), 60_000, 'one');
    const page = async (query: string): Promise<{ keys: string[]; next_cursor?: string }> =>
      JSON.parse((await call(node.port, `/v1/keys?prefix=v2/&limit=2${query}`)).body.toString()) as never;
    const first = await page('');
    expect(first).toEqual({ keys: keys.slice(0, 2), next_cursor: 'v2/b c' });
    expect(await page('&cursor=v2%2Fb+c')).toEqual({ keys: keys.slice(2) });
    expect(await page('&cursor=v2/%C3%BC/%E2%82%AC')).toEqual({ keys: keys.slice(3) });
    expect(await page('&cursor=')).toEqual(first);
    expect((await call(node.port, `/v1/keys?cursor=${'k'.repeat(4097)}`)).status).toBe(400);
  });
});

it.each([
  ['GET /keys?cursor=%ff', '', '"%ff"'],
  ['GET /keys?cursor=a&cursor=%ff', '', '["a","%ff"]'],
  ['GET /keys?prefix=%ff', '', '"%ff"'],
  ['GET /keys?limit=%ff', '', '"%ff"'],
  ['GET /v1/keys?cursor=%ff', '', '"%ff"'],
  ['PUT /data/named?w=most', '', '"most"'],
  ['PUT /data/named?w=%zz', '', '"%zz"'],
  ['PUT /data/named', 'If-Match: bare', '"bare"'],
  ['PUT /data/named', 'If-None-Match: "a", b', '"\\"a\\", b"'],
  ['GET /data/named', 'X-Repram-Min-Version: zz', '"zz"'],
  ['GET /data/named', 'X-Repram-Min-Version: 1-1\r\nX-Repram-Min-Version: 1-2', '"1-1, 1-2"'],
  ['GET /keys?limit=1&limit=1', '', '["1","1"]'],
  ['GET /events?values=0&values=1', '', '["0","1"]'],
  ['GET /events?types=put&types=expire', '', '["put","expire"]'],
  ['GET /events?types=%ff', '', '"%ff"'],
  ['GET /events?since=a&since=b', '', '["a","b"]'],
])('says to %s with %j that %s was given', async (line, header, given) => {
  const answer = await send(line, header === '' ? [] : [header]);
  expect(statusOf(answer)).toBe(400);
  const { detail } = JSON.parse(answer.slice(answer.indexOf('{'))) as { detail: string };
  expect(detail).toContain(`(given: ${given})`);
});
