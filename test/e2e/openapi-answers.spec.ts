// Every answer that the document promises, errors included, is provoked from a real server and held
// to the document.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES_FOLDER } from '../../src/modules/pages/page-files';
import { EventsService } from '../../src/modules/events/events.service';
import { until } from '../support/basics/until';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { EVERY_ANSWER } from '../../src/http/every-answer';
import { problemBody } from '../../src/http/problem';
import { call, type CallOptions } from '../support/http/calls';
import { memberReport } from '../support/core/member-report';
import { AnswerJudge, generateDocument, promisedAnswers, type Document } from '../support/http/openapi';

let document: Document;
let judge: AnswerJudge;
let node: FakeNode;
const seen = new Set<string>();

beforeAll(async () => {
  document = generateDocument();
  judge = new AnswerJudge(document);
  node = await startFakeNode({ valueBytesMax: 100 });
  node.view.members = [
    memberReport({
      id: 'b'.repeat(16),
      incarnation: 1,
      rttMs: 0.4123,
      lastSeenAgoMs: 5,
      clockOffsetMs: -0.5,
      load: {
        keys: 1,
        usedBytes: 2,
        limitBytes: 3,
        putsPerSecond: 4,
        getsPerSecond: 5,
        loopDelayMs: 6,
        missingWrites: 7,
      },
    }),
    memberReport({
      id: 'c'.repeat(16),
      name: 'node-3',
      address: '10.0.0.3',
      port: 8083,
      state: 'suspect',
      rttMs: null,
      lastSeenAgoMs: null,
      hostId: 'host-b',
      reach: 'indirect',
      lagging: true,
      full: true,
      inStep: false,
    }),
  ];
  for (const key of ['a', 'b']) await node.engine.put(Buffer.from(key), Buffer.from('value'), 600_000, 'one');
});
afterAll(async () => node.close());

/** Calls `target`, and expects `status` and an answer as described for `path`. */
async function expectAnswer(
  status: number,
  method: string,
  path: string,
  target = path,
  options: CallOptions = {},
  port = node.port,
): Promise<void> {
  const given = await call(port, target, { ...options, method });
  const what = `${method} ${target.slice(0, 80)}`;
  expect([what, given.status, judge.problems(method, path, given)]).toEqual([what, status, []]);
  seen.add(`${method} ${path} ${status}`);
}

/** The same for GET and HEAD. */
async function expectRead(...[status, path, ...rest]: ReadArguments): Promise<void> {
  await expectAnswer(status, 'GET', path, ...rest);
  await expectAnswer(status, 'HEAD', path, ...rest);
}
type ReadArguments = [status: number, path: string, target?: string, options?: CallOptions];

const PLAIN_GETS = [
  ...['/peers', '/health', '/health/live', '/health/ready', '/status', '/metrics', '/'],
  ...['/v1/status', '/v1/metrics', '/v1/health', '/v1/topology', '/openapi.json', '/docs'],
];

it.each(PLAIN_GETS)('GET %s answers as described', async (path) => {
  await expectRead(200, path);
});

it.each(['', '/v1'])('writing below "%s" answers as described', async (prefix) => {
  const path = `${prefix}/data/{key}`;
  const write = (status: number, key: string, body = 'value'): Promise<void> =>
    expectAnswer(status, 'PUT', path, `${prefix}/data/${key}`, { body });
  await write(201, 'a%2Fb?ttl=600');
  await write(400, 'k?ttl=soon');
  await write(400, '%ZZ');
  await write(400, 'k?tll=600');
  const asking = (status: number, headers: Record<string, string>): Promise<void> =>
    expectAnswer(status, 'PUT', path, `${prefix}/data/k`, { body: 'value', headers });
  await asking(400, { 'Content-Range': 'bytes 0-4/10' });
  await asking(400, { 'If-Match': 'unquoted' });
  await asking(412, { 'If-Match': '"other"' });
  await asking(415, { 'Content-Encoding': 'gzip' });
  await asking(501, { 'If-Unmodified-Since': 'Sun, 06 Nov 1994 08:49:37 GMT' });
  await asking(501, { 'Transfer-Encoding': 'gzip, chunked' });
  await write(404, '');
  await write(413, 'k', 'x'.repeat(101));
  await write(414, 'x'.repeat(1025));
  node.engine.quorumMissed = true;
  await write(202, 'k');
  node.engine.quorumMissed = false;
  node.engine.limitBytes = 1;
  await write(507, 'k');
  node.engine.limitBytes = 1e6;
  node.engine.currentState = 'draining';
  await write(503, 'k');
  node.engine.currentState = 'ready';
});

it.each(['', '/v1'])('reading below "%s" answers as described', async (prefix) => {
  for (const method of ['GET', 'HEAD']) {
    const read = (status: number, key: string, headers = {}): Promise<void> =>
      expectAnswer(status, method, `${prefix}/data/{key}`, `${prefix}/data/${key}`, { headers });
    await read(200, 'a');
    await read(304, 'a', { 'If-None-Match': '*' });
    await read(400, '%ZZ');
    await read(400, 'a', { 'X-Repram-Min-Version': 'new' });
    await read(400, 'a?ttl=600');
    await read(412, 'a', { 'If-Match': '"other"' });
    await read(404, 'absent');
    await read(404, '');
    await read(414, 'x'.repeat(4097));
    node.engine.unanswered = 'unknown';
    await read(503, 'absent');
    node.engine.unanswered = null;
  }
});

it.each(['/keys', '/v1/keys', '/scan'])('GET %s answers as described', async (path) => {
  await expectRead(200, path);
  await expectRead(200, path, `${path}?limit=1`);
  await expectRead(400, path, `${path}?limit=none`);
  node.engine.currentState = 'syncing';
  await expectRead(503, path);
  node.engine.currentState = 'ready';
});

it.each(['/health', '/health/ready', '/v1/health'])(
  'GET %s answers as described when it drains',
  async (path) => {
    node.engine.currentState = 'draining';
    await expectRead(503, path);
    node.engine.currentState = 'ready';
  },
);

it('files answer as described, changed, unchanged and absent', async () => {
  const parts = [
    ['/', '/'],
    ['/openapi.json', '/openapi.json'],
    ['/dashboard', '/dashboard'],
    ['/assets/{name}', `/assets/${readdirSync(join(PAGES_FOLDER, 'assets'))[0]}`],
    ['/docs/{name}', '/docs/swagger-ui.css'],
  ];
  for (const [path, target] of parts) {
    await expectRead(200, path, target);
    await expectRead(304, path, target, { headers: { 'If-None-Match': '*' } });
  }
  await expectRead(200, '/docs/{name}', '/docs/favicon-32x32.png');
  await expectRead(404, '/assets/{name}', '/assets/absent');
  await expectRead(404, '/docs/{name}', '/docs/absent');
});

it.each([
  [400, { Host: 'two, hosts' }],
  [417, { Expect: 'the-unexpected' }],
  [421, { Host: 'evil.example', 'User-Agent': 'Mozilla/5.0', Connection: 'keep-alive' }],
])('every route answers as described what it refuses with %d, whatever is asked', async (status, headers) => {
  for (const [method, path, target] of everyOperation()) {
    await expectAnswer(status, method, path, target, { headers });
  }
});

it('every route answers as described to headers that are too large', async () => {
  const headers = { 'X-Filler': 'x'.repeat(40_000) };
  const read = everyOperation().filter(([method]) => method !== 'HEAD');
  for (const [method, path, target] of read) {
    await expectAnswer(431, method, path, target, { headers });
  }
});

it('every route answers as described to a method that it does not offer', async () => {
  for (const [method, path, target] of everyOperation()) {
    const given = await call(node.port, target, { method: 'DELETE' });
    const as = method === 'HEAD' ? 'GET' : method;
    expect([given.status, judge.problems(as, path, given)]).toEqual([405, []]);
  }
});

it('every route answers as described beyond the limit', async () => {
  const limited = await startFakeNode({ rateLimitPerSecond: 0.001 });
  for (const [method, path, target] of everyOperation()) {
    await expectAnswer(429, method, path, target, {}, limited.port);
  }
  await limited.close();
});

it.each(['', '/v1'])('a stream below "%s" answers as described', async (prefix) => {
  const path = `${prefix}/events`;
  const leaving = await startFakeNode();
  const told = expectAnswer(200, 'GET', path, `${path}?since=start`, {}, leaving.port);
  await until(() => leaving.app.get(EventsService).counts().open === 1, 'the stream to be open');
  await leaving.close();
  await told;
  await expectAnswer(200, 'HEAD', path);
  node.engine.currentState = 'draining';
  await expectRead(503, path);
  node.engine.currentState = 'ready';
});

it('a bug answers as described by default', async () => {
  const broken = await startFakeNode();
  broken.engine.get = () => {
    throw new Error('a bug of this test');
  };
  await expectAnswer(500, 'GET', '/data/{key}', '/data/k', {}, broken.port);
  seen.delete('GET /data/{key} 500');
  await broken.close();
});

it('and nothing that the document promises was left out above', () => {
  expect([...seen].sort()).toEqual(promisedAnswers(document).sort());
});

describe('the judge', () => {
  const body = { node_id: 'b'.repeat(16), enclave: 'e', peers: [] };
  const headersOf = (type: string): object => ({
    ...EVERY_ANSWER,
    'content-type': type,
    'cache-control': 'no-store',
  });
  const judged = (given: object, headers = headersOf('application/json'), status = 200): string[] =>
    judge.problems('GET', '/v1/topology', {
      status,
      headers: headers as Record<string, string>,
      body: Buffer.from(JSON.stringify(given)),
    });

  it('finds nothing wrong with a described answer', () => {
    expect(judged(body)).toEqual([]);
  });

  it('finds members that are missing, wrong or not described, another type and missing headers', () => {
    expect(judged({ ...body, peers: undefined })).toEqual([" must have required property 'peers'"]);
    expect(judged({ ...body, enclave: 1 })).toEqual(['/enclave must be string']);
    expect(judged({ ...body, secret: 1 })).toEqual([' must NOT have additional properties']);
    expect(judged(body, headersOf('text/html'))).toEqual(['text/html is none of application/json']);
    const problem = {
      ...headersOf('application/problem+json'),
      'x-repram-node': 'n',
      'x-repram-cluster': 'c',
    };
    const unnamed = { ...(JSON.parse(problemBody('rate-limited', 'd')) as object), code: undefined };
    expect(judged(unnamed, problem, 429)).toEqual([
      'Retry-After is missing',
      'x-repram-cluster is hidden from pages',
      " must have required property 'code'",
    ]);
  });

  it('finds headers that are not described', () => {
    const headers = { ...headersOf('application/json'), 'x-secret': '1' };
    expect(judged(body, headers)).toEqual(['x-secret is not described', 'x-secret is hidden from pages']);
  });
});

/** Method, described path and a target for each operation of the document. */
function everyOperation(): (readonly [method: string, path: string, target: string])[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map(
      (method) => [method.toUpperCase(), path, path.replace(/\{\w+\}/, 'a')] as const,
    ),
  );
}
