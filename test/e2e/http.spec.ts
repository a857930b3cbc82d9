import request from 'supertest';
import { closeHttpApp } from '../../src/http-app';
import { ClientLimits } from '../../src/http/limits/client-limits';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { exchange, statusOf } from '../support/http/byte-connection';
import { until } from '../support/basics/until';

let node: FakeNode;
beforeAll(async () => {
  node = await startFakeNode();
  await node.engine.put(Buffer.from('k'), Buffer.from('value'), 600_000, 'one');
});
afterAll(async () => node.close());

const http = () => request(node.url);
const get = (target: string, headers = 'Host: h\r\n'): Promise<string> =>
  exchange(node.port, `GET ${target} HTTP/1.1\r\n${headers}\r\n`);

it.each([
  ['/%ZZ', 400],
  ['/%', 400],
  ['/data/%ZZ', 400],
  ['/data/%E0%A4%A', 400],
  ['/data/%00', 404],
  ['//', 404],
  ['///data/k', 404],
  ['/data//', 404],
  ['/data/../../etc/passwd', 404],
  ['/data/k?%ZZ=%ZZ&&&=', 400],
  ['/data/k?', 200],
  ['/keys?prefix=%FF', 400],
  ['/keys?__proto__=1&constructor=2', 400],
  ['http://elsewhere:99/data/k', 200],
  ['HTTP://elsewhere/health/live', 200],
  ['http://elsewhere', 200],
  ['http://[/data/k', 200],
  ['http:///data/k', 200],
  ['*', 404],
  ['data/k', 400],
  [`/${'x'.repeat(5000)}`, 404],
  [`/data/${'x'.repeat(10_000)}`, 414],
  ['/d%61ta/k', 200],
  ['/data%2Fk', 404],
  ['/DATA/k', 404],
  ['/assets/..%2f..%2fpackage.json', 404],
  ['/assets/%2e%2e/package.json', 404],
])('survives GET %s and answers %d', async (target, status) => {
  expect(statusOf(await get(target))).toBe(status);
  await http().get('/health/live').expect(200);
});

it.each([
  ['Host: %%%\r\n', 200],
  ['Host: a b\r\n', 400],
  ['Host: \r\n', 200],
  ['Host: [::1\r\n', 400],
  ['', 400],
  ['Host: h\r\nHost: i\r\n', 400],
  ['Host: h\r\nX-TTL\r\n', 400],
])('survives the header lines %j and answers %d', async (headers, status) => {
  expect(statusOf(await get('/health/live', headers))).toBe(status);
  await http().get('/health/live').expect(200);
});

it.each([
  ['a null byte in the request line', 'GET /data/\0 HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['a TLS greeting', Buffer.from('16030100a5010000a10303', 'hex')],
  ['a body length that is no number', 'PUT /data/k HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n'],
  [
    'two ideas of the body length',
    'PUT /data/k HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  ],
])('answers %s with a problem and closes', async (_what, bytes) => {
  const answer = await exchange(node.port, bytes);
  expect(statusOf(answer)).toBe(400);
  expect(answer).toMatch(/^content-type: application\/problem\+json\r$/im);
  expect(answer).toContain('"code":"request-invalid"');
  await http().get('/health/live').expect(200);
});

it('answers headers beyond its limit with 431', async () => {
  const answer = await get('/health', `Host: h\r\nX-Long: ${'x'.repeat(40_000)}\r\n`);
  expect(statusOf(answer)).toBe(431);
  expect(answer).toContain('"code":"headers-too-large"');
});

it.each([
  ['POST', '/data/k', 'GET, HEAD, OPTIONS, PUT'],
  ['PATCH', '/data/k', 'GET, HEAD, OPTIONS, PUT'],
  ['DELETE', '/keys', 'GET, HEAD, OPTIONS'],
  ['PUT', '/', 'GET, HEAD, OPTIONS'],
  ['PROPFIND', '/status', 'GET, HEAD, OPTIONS'],
])('%s %s is not allowed, and Allow says what is', async (method, path, allow) => {
  const answer = await exchange(
    node.port,
    `${method} ${path} HTTP/1.1\r\nHost: h\r\nContent-Type: no/t/a/type\r\nContent-Length: 2\r\n\r\n{]`,
  );
  expect(statusOf(answer)).toBe(405);
  expect(answer.toLowerCase()).toContain(`allow: ${allow.toLowerCase()}\r\n`);
  expect(answer).toContain('"code":"method-not-allowed"');
});

it('answers an unknown path with a problem, whatever the method', async () => {
  for (const method of ['get', 'post', 'delete'] as const) {
    const response = await http()[method]('/nowhere').expect(404);
    expect(response.body.code).toBe('not-found');
  }
});

it('lets any origin read, and tells browsers so beforehand', async () => {
  const asked = await http()
    .options('/data/k')
    .set({ origin: 'https://elsewhere.example', 'access-control-request-method': 'PUT' })
    .expect(204);
  expect(asked.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, HEAD, OPTIONS, PUT',
    'access-control-allow-headers': '*',
    allow: 'GET, HEAD, OPTIONS, PUT',
  });
  const read = await http().get('/data/missing').set('origin', 'https://elsewhere.example').expect(404);
  expect(read.headers['access-control-allow-origin']).toBe('*');
});

it.each(['/health', '/peers', '/status', '/keys', '/', '/data/k', '/nowhere'])(
  'sends its security headers with %s',
  async (path) => {
    const { headers } = await http().get(path);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  },
);

it.each([
  '/health',
  '/health/live',
  '/health/ready',
  '/peers',
  '/status',
  '/keys',
  '/scan',
  '/',
  '/dashboard',
])('answers HEAD %s like GET, without a body', async (path) => {
  const got = await http().get(path);
  const head = await http().head(path);
  expect(head.status).toBe(got.status);
  expect(head.headers['content-type']).toBe(got.headers['content-type']);
  expect(head.text).toBeUndefined();
});

it('hides what went wrong inside, and logs it under the reference it gives', async () => {
  const broken = jest.spyOn(node.engine, 'get').mockImplementation(() => {
    throw new Error('secret detail');
  });
  const response = await http().get('/data/k').expect(500);
  broken.mockRestore();
  expect(response.body.code).toBe('internal');
  expect(response.text).not.toContain('secret detail');
  const line = node.lines.find(({ event }) => event === 'request-failed');
  expect(line).toMatchObject({
    level: 'error',
    fields: { instance: response.body.instance, route: '/data/*' },
  });
  expect(JSON.stringify(line)).toContain('secret detail');
});

it('has nothing of a read that failed inside under way, which would end its connection later', async () => {
  const broken = jest.spyOn(node.engine, 'get').mockImplementation(() => {
    throw new Error('broken');
  });
  await http().get('/data/k').set('connection', 'keep-alive').expect(500);
  broken.mockRestore();
  expect(node.app.get(ClientLimits).transfers.size).toBe(0);
});

it('answers a write that failed inside with 500 as well', async () => {
  const broken = jest.spyOn(node.engine, 'put').mockRejectedValue(new Error('secret detail'));
  expect((await http().put('/data/k').send('v').expect(500)).text).not.toContain('secret');
  broken.mockRestore();
});

it('finishes a request in flight when it closes, closes idle connections, and two nodes do not share a fate', async () => {
  const other = await startFakeNode();
  let settle: (value: null) => void = () => undefined;
  jest.spyOn(other.engine, 'get').mockImplementation(() => new Promise((resolve) => (settle = resolve)));
  const pending = fetch(`${other.url}/data/slow`);
  const idle = await fetch(`${other.url}/health/live`);
  await idle.text();
  const startMs = performance.now();
  const closing = closeHttpApp(other.app);
  await until(() => !other.app.getHttpServer().listening, 'the listener to close');
  settle(null);
  expect((await pending).status).toBe(404);
  await closing;
  expect(performance.now() - startMs).toBeLessThan(2000);
  await http().get('/health/live').expect(200);
  other.engine.close();
});

it('refuses what does not finish within its grace', async () => {
  const other = await startFakeNode();
  jest.spyOn(other.engine, 'get').mockImplementation(() => new Promise(() => undefined));
  const pending = fetch(`${other.url}/data/never`);
  await fetch(`${other.url}/health/live`).then((response) => response.text());
  await closeHttpApp(other.app, 200);
  const answer = await pending;
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ code: 'draining' });
  other.engine.close();
});
