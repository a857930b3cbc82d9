import { randomBytes } from 'node:crypto';
import request from 'supertest';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { until } from '../support/basics/until';

let node: FakeNode;
beforeAll(async () => {
  node = await startFakeNode({ valueBytesMax: 1024 * 1024 });
});
afterAll(async () => node.close());
afterEach(() => {
  node.engine.currentState = 'ready';
  node.engine.quorumMissed = false;
  node.engine.limitBytes = 64 * 1024 * 1024;
});

const http = () => request(node.url);
const bytesOf = (path: string) => http().get(path).buffer(true).parse(asBytes);
function asBytes(response: request.Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
}

it('stores bytes and gives them back with their life and version', async () => {
  const put = await http().put('/data/test?ttl=600').send('test').expect(201, 'OK');
  expect(put.headers).toMatchObject({
    'x-ttl': '600',
    'x-remaining-ttl': '600',
    'x-repram-acks': expect.stringMatching(/^([123])\/\1$/),
    'x-repram-ack-hosts': expect.stringMatching(/^([123])\/\1$/),
    'x-repram-node': node.engine.origin,
    'content-type': 'text/plain; charset=utf-8',
  });
  const got = await bytesOf('/data/test').expect(200);
  expect(got.body).toEqual(Buffer.from('test'));
  expect(got.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-length': '4',
    'x-original-ttl': '600',
    'x-repram-version': put.headers['x-repram-version'],
    etag: `"${put.headers['x-repram-version']}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': '*',
  });
  expect(got.headers['content-security-policy']).toMatch(/^sandbox/);
  expect(got.headers['access-control-expose-headers']).toContain('X-Remaining-TTL');
  expect(Number(got.headers['x-remaining-ttl'])).toBeGreaterThan(590);
});

it('tells when the value was written, by the writer’s clock', async () => {
  await http().put('/data/dated').send('v').expect(201);
  const got = await http().get('/data/dated').expect(200);
  const createdAtMs = Date.parse(got.headers['x-created-at']);
  expect(new Date(createdAtMs).toISOString()).toBe(got.headers['x-created-at']);
  expect(Math.abs(Date.now() - createdAtMs)).toBeLessThan(10_000);
});

it.each([
  ['a/b/c', 'a/b/c'],
  ['a%2Fb%2Fc', 'a/b/c'],
  ['%F0%9F%8C%B1%20seed', '🌱 seed'],
  ['..%2F..%2Fetc', '../../etc'],
  ['%25', '%'],
  ['%00', '\0'],
  ['q%3Fx%3D1', 'q?x=1'],
])('takes the key %s as %j', async (encoded, key) => {
  await http().put(`/data/${encoded}`).send(encoded).expect(201);
  expect((await bytesOf(`/data/${encodeURIComponent(key)}`).expect(200)).body).toEqual(Buffer.from(encoded));
  expect((await node.engine.list(key, 0, '')).keys).toContain(key);
});

it.each([
  ['no body and no Content-Type', undefined, undefined],
  ['an empty body with one', '', 'text/plain'],
])('stores an empty value for %s', async (_what, body, type) => {
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
  const init: RequestInit = { method: 'PUT', headers };
  if (body !== undefined) init.body = body;
  expect((await fetch(`${node.url}/data/empty`, init)).status).toBe(201);
  const got = await bytesOf('/data/empty').expect(200);
  expect(got.headers['content-length']).toBe('0');
  expect(got.body).toHaveLength(0);
});

it.each([
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain; charset=latin1',
  'nonsense',
  ';;;',
  'a/b/c',
  '%',
])('takes the body as it is, whatever the Content-Type %j says', async (type) => {
  const value = Buffer.from('{"not json": \xff\x00 a=b&c', 'latin1');
  const response = await fetch(`${node.url}/data/typed`, {
    method: 'PUT',
    headers: { 'content-type': type },
    body: value,
  });
  expect(response.status).toBe(201);
  expect((await bytesOf('/data/typed').expect(200)).body).toEqual(value);
});

it('takes chunked bodies of the largest size, byte for byte', async () => {
  const value = randomBytes(1024 * 1024);
  const body = new ReadableStream({
    start(controller) {
      for (let at = 0; at < value.length; at += 10_000) controller.enqueue(value.subarray(at, at + 10_000));
      controller.close();
    },
  });
  const init = { method: 'PUT', body, duplex: 'half' } as RequestInit;
  expect((await fetch(`${node.url}/data/large`, init)).status).toBe(201);
  expect(Buffer.compare((await bytesOf('/data/large')).body as Buffer, value)).toBe(0);
});

it('answers HEAD as GET without the body', async () => {
  await http().put('/data/head').send('12345').expect(201);
  const got = await bytesOf('/data/head');
  const head = await http().head('/data/head').expect(200);
  expect(head.text).toBeUndefined();
  for (const name of ['etag', 'content-length', 'content-type', 'x-original-ttl', 'x-created-at']) {
    expect(head.headers[name]).toBe(got.headers[name]);
  }
  await http().head('/data/nothing-here').expect(404);
});

it('answers 304 to whoever holds the current version, and the value after a new write', async () => {
  const { headers } = await http().put('/data/tagged').send('one');
  const etag = `"${headers['x-repram-version']}"`;
  const not = await http().get('/data/tagged').set('if-none-match', `"other", W/${etag}`).expect(304);
  expect(not.headers).toMatchObject({ etag, 'x-original-ttl': '3600' });
  await http().put('/data/tagged').send('two');
  await http().get('/data/tagged').set('if-none-match', etag).expect(200);
});

it('reads at least the version that is asked for', async () => {
  const { headers } = await http().put('/data/mine').send('v');
  const version = headers['x-repram-version'];
  await http().get('/data/mine').set('x-repram-min-version', version).expect(200);
  const later = version.replace(/^./, 'f');
  const older = await http().get('/data/mine').set('x-repram-min-version', later).expect(404);
  expect(older.body).toMatchObject({
    code: 'key-absent',
    detail: expect.stringContaining('An older one may be live'),
  });
  const wrong = await http().get('/data/mine').set('x-repram-min-version', 'yesterday').expect(400);
  expect(wrong.body.code).toBe('version-invalid');
});

it.each([
  ['', '3600'],
  ['?ttl=600', '600'],
  ['?ttl=600.5', '601'],
  ['?ttl=1', '300'],
  ['?ttl=1e9', null],
  ['?ttl=999999', '86400'],
  ['?ttl=0', null],
  ['?ttl=-5', null],
  ['?ttl=', null],
  ['?ttl=abc', null],
  ['?ttl=Infinity', null],
])('a write with %j lives for %s seconds', async (query, seconds) => {
  const response = await http().put(`/data/ttl${seconds}${query}`).send('v');
  if (seconds === null) {
    expect(response.status).toBe(400);
    expect(response.body.code).toBe('ttl-invalid');
    await http().get('/data/ttlnull').expect(404);
  } else {
    expect(response.status).toBe(201);
    expect(response.headers['x-ttl']).toBe(seconds);
  }
});

it('takes the time-to-live from X-TTL when the query has none', async () => {
  const header = await http().put('/data/x-ttl').set('x-ttl', '900').send('v').expect(201);
  expect(header.headers['x-ttl']).toBe('900');
  const query = await http().put('/data/x-ttl?ttl=700').set('x-ttl', '900').send('v').expect(201);
  expect(query.headers['x-ttl']).toBe('700');
});

it.each([
  ['1', 'one'],
  ['quorum', 'quorum'],
  ['all', 'all'],
])('w=%s asks the engine for level %s', async (w, level) => {
  await http().put(`/data/w?w=${w}`).send('v').expect(201);
  expect(node.engine.lastLevel).toBe(level);
});

it('refuses other levels', async () => {
  expect((await http().put('/data/w?w=2').send('v').expect(400)).body.code).toBe('level-invalid');
});

it('says 202 when only this node holds the write', async () => {
  node.engine.quorumMissed = true;
  const response = await http().put('/data/alone').send('v').expect(202, 'Accepted');
  expect(response.headers['x-repram-acks']).toBe('1/3');
});

it.each([
  ['GET', '/data/', 404, 'key-missing'],
  ['GET', '/data', 404, 'key-missing'],
  ['PUT', '/data/?ttl=600', 404, 'key-missing'],
  ['GET', '/data/never-written', 404, 'key-absent'],
  ['GET', `/data/${'k'.repeat(4097)}`, 414, 'key-too-long'],
  ['PUT', `/data/${'%41'.repeat(1025)}`, 414, 'key-too-long'],
  ['GET', '/data/%FF', 400, 'key-invalid'],
  ['PUT', '/data/%ZZ', 400, 'key-invalid'],
])('%s %s is answered with %d %s', async (method, path, status, code) => {
  const response = await fetch(node.url + path, { method });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({ type: `urn:repram:problem:${code}`, status, code });
  expect(problem.title).toEqual(expect.any(String));
  expect(problem.detail).toEqual(expect.any(String));
});

it.each([
  ['a//b', 'a%2Fb', 400],
  ['a%2Fb', 'a/b', 201],
  ['%C3%A9', '%c3%a9', 201],
  ['a/b', '%ZZ', 400],
  ['a/b', 'a%2Fb, a%2Fb', 400],
])('a request for %s that states the key %s is answered %d', async (path, stated, status) => {
  const headers = { 'x-repram-key': stated };
  for (const prefix of ['/data', '/v1/data']) {
    const target = `${node.url}${prefix}/${path}`;
    const put = await fetch(target, { method: 'PUT', body: 'stated', headers });
    expect(put.status).toBe(status);
    const got = await fetch(target, { headers });
    expect(got.status).toBe(status === 201 ? 200 : 400);
    if (status === 400) expect(await got.json()).toMatchObject({ code: 'key-altered' });
  }
});

it('takes keys of exactly the longest length, encoded or not', async () => {
  await http()
    .put(`/data/${'%C3%A9'.repeat(512)}`)
    .send('v')
    .expect(201);
  await http()
    .get(`/data/${'%c3%a9'.repeat(512)}`)
    .expect(200);
});

it('forgets a value when its time is up', async () => {
  await node.engine.put(Buffer.from('brief'), Buffer.from('v'), 50, 'one');
  await http().get('/data/brief').expect(200);
  await until(async () => (await http().get('/data/brief')).status === 404, 'the value to expire');
});

it('says 507 and drops nothing when it has no room', async () => {
  await http().put('/data/first').send('v').expect(201);
  node.engine.limitBytes = 1;
  const response = await http().put('/data/second').send('v').expect(507);
  expect(response.body.code).toBe('storage-full');
  await http().get('/data/first').expect(200);
});

it('takes no more writes while draining, and still reads', async () => {
  await http().put('/data/kept').send('v').expect(201);
  node.engine.currentState = 'draining';
  const response = await http().put('/data/kept').send('w').expect(503);
  expect(response.headers['retry-after']).toBe('2');
  expect(response.body.code).toBe('draining');
  await http().get('/data/kept').expect(200);
});

it('explains that values cannot be deleted', async () => {
  const response = await http().delete('/data/test').expect(405);
  expect(response.headers.allow).toBe('GET, HEAD, OPTIONS, PUT');
  expect(response.body.code).toBe('method-not-allowed');
  expect(response.body.detail).toContain('expire');
});
