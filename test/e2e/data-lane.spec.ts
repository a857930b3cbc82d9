// The data lane answers what it takes as the router would, byte for byte: the same requests go to a
// node with the lane and to one without. Dates, versions and what else is different with each
// answer aside.
import fc from 'fast-check';
import type { NodeSettings } from '../../src/config/settings';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { inParallel } from '../support/basics/in-parallel';
import { exchange, exchangeInTurn, statusesOf } from '../support/http/byte-connection';

const SETTINGS: Partial<NodeSettings> = { valueBytesMax: 1000, keyBytesMax: 40 };
const CASES = 400;
const AT_ONCE = 8;

const METHODS = ['GET', 'GET', 'HEAD', 'PUT', 'PUT', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH'];
const TARGETS = [
  '/data/held',
  '/data/held',
  '/data/large',
  '/data/never',
  '/v1/data/held',
  '/v1/data/a%2Fb',
  '/data/a/b',
  '/data/a//b/../c',
  '/data/%E2%82%AC',
  '/data/%E2%82',
  '/data/%zz',
  '/data/',
  '/data',
  '/v1/data/',
  '/DATA/held',
  '/%64ata/held',
  '//data/held',
  '/data/held#part',
  'http://example.com/data/held',
  `/data/${'k'.repeat(41)}`,
  '*',
];
const QUERIES = [
  '',
  '',
  '',
  '?',
  '?ttl=600',
  '?ttl=0',
  '?ttl=x&w=1',
  '?w=all',
  '?w=many',
  '?tll=5',
  '?ttl=1&ttl=2',
  '?%ff',
];
const FIELDS = [
  'Host: second.example',
  'Expect: 100-continue',
  'Expect: a miracle',
  'X-Repram-Key: held',
  'X-Repram-Key: a%2Fb',
  'If-Match: *',
  'If-None-Match: *',
  'If-None-Match: "a", W/"b"',
  'If-Match: unquoted',
  'If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT',
  'Content-Encoding: gzip',
  'Content-Range: bytes 0-1/2',
  'X-TTL: 60',
  'X-TTL: never',
  'X-Repram-Min-Version: 1',
  'X-Repram-Min-Version: 6882b0813d000-9f8a2c4e6b1d3570',
  'Origin: http://elsewhere.example',
  'User-Agent: Mozilla/5.0',
  'Connection: keep-alive',
  'X-Forwarded-For: 203.0.113.7',
  'Upgrade: h2c',
];

interface Framing {
  readonly fields: readonly string[];
  readonly body: string;
}

const FRAMINGS: readonly Framing[] = [
  { fields: [], body: '' },
  { fields: ['Content-Length: 5'], body: 'value' },
  { fields: ['Content-Length: 0'], body: '' },
  { fields: ['Content-Length: 1001'], body: 'v'.repeat(1001) },
  { fields: ['Transfer-Encoding: chunked'], body: '5\r\nvalue\r\n0\r\n\r\n' },
  { fields: ['Transfer-Encoding: chunked'], body: 'z\r\nvalue\r\n0\r\n\r\n' },
  { fields: ['Transfer-Encoding: gzip'], body: '5\r\nvalue\r\n0\r\n\r\n' },
  { fields: ['Content-Length: 5', 'Transfer-Encoding: chunked'], body: '5\r\nvalue\r\n0\r\n\r\n' },
];

const request = fc
  .record({
    method: fc.constantFrom(...METHODS),
    target: fc.constantFrom(...TARGETS),
    query: fc.constantFrom(...QUERIES),
    version: fc.constantFrom('1.1', '1.1', '1.1', '1.0'),
    fields: fc.subarray(FIELDS, { maxLength: 2 }),
    framing: fc.constantFrom(...FRAMINGS),
  })
  .map(({ method, target, query, version, fields, framing }) => {
    const head = [`${method} ${target}${query} HTTP/${version}`, 'Host: h', ...fields, ...framing.fields];
    return [...head, '', framing.body].join('\r\n');
  });

/** As clients write them: after the first one the parser need not see them. */
const plain = fc.constantFrom(
  'GET /data/held HTTP/1.1\r\nHost: h\r\n\r\n',
  'GET /v1/data/large HTTP/1.1\r\nHost: h\r\nAccept: */*\r\n\r\n',
  'GET /data/never HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n',
  'GET /data/%E2%82 HTTP/1.1\r\nHost: h\r\n\r\n',
  'GET /data/held HTTP/1.1\r\nHost: h\r\nX-Repram-Min-Version: 1\r\n\r\n',
  'GET /data/held HTTP/1.1\r\nUser-Agent: no host\r\n\r\n',
  'PUT /data/k?ttl=600 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nvalue',
  'PUT /data/k?ttl=x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nvalue',
  'PUT /data/k HTTP/1.1\r\nHost: h\r\nX-TTL: 60\r\nContent-Length: 0\r\n\r\n',
  `PUT /data/k HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n${'v'.repeat(1001)}`,
  'PUT /data/k HTTP/1.1\r\nHost: h\r\nContent-Range: bytes 0-1/2\r\nContent-Length: 1\r\n\r\nv',
);

/** What one connection sends, each piece once nothing is answered to those before it any more. */
const pieces = fc
  .array(
    fc.oneof(
      { arbitrary: fc.tuple(plain), weight: 4 },
      { arbitrary: fc.tuple(request), weight: 2 },
      { arbitrary: fc.tuple(plain, plain).map((both) => [both.join('')]), weight: 1 },
      {
        arbitrary: fc
          .tuple(plain, fc.double({ min: 0, max: 1, noNaN: true }))
          .map(([whole, at]) => [whole.slice(0, at * whole.length), whole.slice(at * whole.length)]),
        weight: 1,
      },
    ),
    { minLength: 3, maxLength: 6 },
  )
  .map((steps) =>
    ['GET /data/held HTTP/1.1\r\nHost: h\r\n\r\n', ...steps.flat()].filter((piece) => piece !== ''),
  );

/** Without what is different with each answer, whoever gives it. */
function lasting(answer: string): string {
  return answer
    .replace(/\bDate: [^\r]*/g, 'Date: D')
    .replace(/\b[0-9a-f]{13,16}-[0-9a-f]{16}\b/g, 'VERSION')
    .replace(/\bx-created-at: [^\r]*/g, 'x-created-at: T')
    .replace(/\bx-remaining-ttl: \d+/g, 'x-remaining-ttl: R')
    .replace(/\b(x-repram-ack(?:s|-hosts)): \d+/g, '$1: A')
    .replace(/\bx-repram-node: [0-9a-f]{16}/g, 'x-repram-node: N')
    .replace(/\burn:uuid:[-0-9a-f]+/g, 'urn:uuid:U');
}

describe('with the data lane and without', () => {
  let lane: FakeNode;
  let router: FakeNode;

  beforeAll(async () => {
    lane = await startFakeNode({ ...SETTINGS, dataLane: 'on' });
    router = await startFakeNode({ ...SETTINGS, dataLane: 'off' });
  });

  beforeEach(async () => {
    for (const node of [lane, router]) {
      node.engine.currentState = 'ready';
      await putHeld(node, 'held', 'a value');
      await putHeld(node, 'large', 'x'.repeat(1000));
    }
  });

  afterAll(async () => {
    await lane.close();
    await router.close();
  });

  async function putHeld({ port }: FakeNode, key: string, value: string): Promise<void> {
    const head = [
      `PUT /data/${key} HTTP/1.1`,
      'Host: h',
      `Content-Length: ${value.length}`,
      'Connection: close',
    ];
    expect(statusesOf(await exchange(port, [...head, '', value].join('\r\n')))).toEqual([201]);
  }

  async function expectSame(bytes: string): Promise<void> {
    const [ahead, routed] = await Promise.all([exchange(lane.port, bytes), exchange(router.port, bytes)]);
    expect({ bytes, answer: lasting(ahead) }).toEqual({ bytes, answer: lasting(routed) });
  }

  it('any request is answered with the same bytes', async () => {
    // Writes of one case may be read by another: each has a key of its own but for the two that are
    // read.
    const requests = fc
      .sample(request, CASES)
      .map((bytes, i) => bytes.replace(/^(PUT [^ ]*)held/, `$1k${i}`));
    await inParallel(requests, AT_ONCE, expectSame);
  });

  it('requests behind one another are answered with the same bytes, in their order', async () => {
    const pairs = fc.sample(fc.array(request, { minLength: 2, maxLength: 5 }), CASES / 4);
    for (const requests of pairs) await expectSame(requests.join(''));
  });

  it('what comes piece by piece on one connection is answered with the same bytes', async () => {
    await inParallel(fc.sample(pieces, CASES / 2), AT_ONCE, async (sent) => {
      for (const [tries, quietMs] of [40, 400, 1500].entries()) {
        const [ahead, routed] = await Promise.all(
          [lane, router].map(async ({ port }) => lasting(await exchangeInTurn(port, sent, quietMs))),
        );
        // A piece that came before the answer to the one in front of it can be answered otherwise.
        if (ahead !== routed && tries < 2) continue;
        expect({ sent, answer: ahead }).toEqual({ sent, answer: routed });
        return;
      }
    });
  });

  it.each(['draining', 'syncing', 'starting'] as const)(
    'a node that is %s answers with the same bytes',
    async (state) => {
      for (const node of [lane, router]) {
        node.engine.currentState = state;
        node.engine.unanswered = 'unknown';
      }
      await inParallel(fc.sample(request, CASES / 8), AT_ONCE, expectSame);
      for (const node of [lane, router]) node.engine.unanswered = null;
    },
  );
});
