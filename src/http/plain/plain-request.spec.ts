// What the reader recognizes, Node.js's parser reads in the same way, and as one whole request. So
// it makes no difference which of the two has read it.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { PlainReader, type PlainRequest } from './plain-request';

const NO_SOCKET = {} as Socket;
const RUNS = 3000;

function recognized(text: string): PlainRequest | null {
  return new PlainReader(NO_SOCKET).read(Buffer.from(text, 'latin1'));
}

interface Parsed {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: object;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** A connection in memory, which nothing is ever answered on. */
class Pipe extends Duplex {
  override _read(): void {
    // It is pushed what it has.
  }

  override _write(_chunk: unknown, _encoding: unknown, done: () => void): void {
    done();
  }
}

/** All requests in these bytes, as Node.js reads them; null when it finds fault with them. */
async function parsedBy(server: Server, bytes: Buffer): Promise<Parsed[] | null> {
  const pipe = new Pipe();
  const found: Promise<Parsed>[] = [];
  const errors: Error[] = [];
  const onRequest = (request: IncomingMessage): void => void found.push(whole(request));
  const onError = (error: Error): void => {
    errors.push(error);
    pipe.destroy();
  };
  server.on('request', onRequest).on('clientError', onError);
  server.emit('connection', pipe);
  pipe.push(bytes);
  pipe.push(null);
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  server.off('request', onRequest).off('clientError', onError);
  const requests = errors.length > 0 ? null : await Promise.all(found);
  pipe.destroy();
  return requests;
}

async function whole(request: IncomingMessage): Promise<Parsed> {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  await new Promise((resolve) => request.on('end', resolve).on('error', resolve));
  const { method, url, headers, rawHeaders } = request;
  return { method, url, headers: { ...headers }, rawHeaders, body: Buffer.concat(pieces).toString('latin1') };
}

const LINES = [
  'GET /data/k HTTP/1.1',
  'PUT /data/k?ttl=5 HTTP/1.1',
  'HEAD /v1/data/a%2Fb HTTP/1.1',
  'GET http://h/data/k HTTP/1.1',
  'GET /data/k HTTP/1.0',
  'GET  /data/k HTTP/1.1',
  'PUT /data/ü HTTP/1.1',
  'POST /data/k HTTP/1.1',
];
const FIELDS = [
  'Host: h',
  'Host:h',
  'host:  two spaces',
  'Content-Length: 5',
  'Content-Length: 05',
  'Content-Length: +5',
  'Content-Length: 0',
  'content-length: 6',
  'Transfer-Encoding: chunked',
  'Connection: keep-alive',
  'Connection: close',
  'Proxy-Connection: close',
  'Connection: keep-alive, upgrade',
  'Upgrade: websocket',
  'Expect: 100-continue',
  'X-TTL: 60',
  'Accept: */*',
  'X-Empty:',
  'X-Tab:\ta',
  'X-Behind: a \t',
  'X-Folded: a\r\n b',
  'X-Latin: \xe9',
  'X_Underscore: a',
  '__proto__: a',
  'constructor: a',
  'Set-Cookie: a',
  ' Leading: a',
  'Space : a',
  'X-Null: \0',
  'X-Lf: a\nX-Next: b',
];
const BODIES = [
  '',
  'value',
  'value\r\n',
  '5\r\nvalue\r\n0\r\n\r\n',
  'GET /data/k HTTP/1.1\r\nHost: h\r\n\r\n',
];
const LINE_ENDS = ['\r\n', '\n', '\r', '\r\r\n'];

/** Line, fields of framing, and body, as they belong together. */
const WELL_FORMED: readonly (readonly [string, readonly string[], string])[] = [
  ['GET /data/k HTTP/1.1', [], ''],
  ['GET /v1/data/a%2Fb HTTP/1.1', ['Accept: */*'], ''],
  ['HEAD /data/k HTTP/1.1', [], ''],
  ['PUT /data/k?ttl=5 HTTP/1.1', ['Content-Length: 5'], 'value'],
  ['PUT /data/k HTTP/1.1', ['X-TTL: 60', 'content-length: 7'], 'value\r\n'],
  ['PUT /data/k HTTP/1.1', ['Content-Length: +5'], 'value'],
  ['PUT /data/k HTTP/1.1', ['Content-Length: 0x5'], 'value'],
];

/** Up to two bytes changed, taken out or put in. */
const slips = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    text: fc.oneof(
      fc.constant(''),
      fc.nat(255).map((code) => String.fromCharCode(code)),
    ),
    out: fc.nat(1),
  }),
  { maxLength: 2 },
);

const wellFormed = fc
  .record({ form: fc.constantFrom(...WELL_FORMED), fields: fc.subarray(FIELDS, { maxLength: 2 }) })
  .map(({ form: [line, framing, body], fields }) => [line, ...framing, ...fields, '', body].join('\r\n'));

const anyForm = fc
  .record({
    line: fc.constantFrom(...LINES),
    fields: fc.subarray(FIELDS, { maxLength: 4 }),
    body: fc.constantFrom(...BODIES),
    lineEnd: fc.constantFrom(...LINE_ENDS),
  })
  .map(({ line, fields, body, lineEnd }) => [line, ...fields, '', body].join(lineEnd));

const bytes = fc.tuple(fc.oneof(wellFormed, anyForm), slips).map(([text, changes]) => {
  let slipped = text;
  for (const { at, text: put, out } of changes) {
    const place = Math.floor(at * slipped.length);
    slipped = slipped.slice(0, place) + put + slipped.slice(place + out);
  }
  return slipped;
});

describe('the reader of plain requests', () => {
  let server: Server;
  let count = 0;

  beforeAll(() => {
    server = createServer({ joinDuplicateHeaders: true, requireHostHeader: false });
  });
  afterAll(() => {
    server.close();
  });

  it('reads what it recognizes as the parser of Node.js does, and as one whole request', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (text) => {
        const request = recognized(text);
        if (request === null) return;
        count += 1;
        const { method, url, headers, rawHeaders, body } = request;
        const own = { method, url, headers: { ...headers }, rawHeaders, body: body.toString('latin1') };
        expect(await parsedBy(server, Buffer.from(text, 'latin1'))).toEqual([own]);
      }),
      { numRuns: RUNS, seed: 1 },
    );
    expect(count).toBeGreaterThan(RUNS / 20);
  });

  const head = (...fields: string[]): string => ['GET /data/k HTTP/1.1', ...fields, '', ''].join('\r\n');

  it.each([
    ['a value that is read', head('Host: h')],
    ['a value that is written', 'PUT /v1/data/k?ttl=5 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nvalue'],
    ['no value', 'PUT /data/k HTTP/1.1\r\nContent-Length: 0\r\n\r\n'],
  ])('recognizes %s', (_what, text) => {
    expect(recognized(text)?.isCommon).toBe(true);
  });

  it.each([
    ['half a head', 'GET /data/k HTTP/1.1\r\nHost: h\r\n'],
    ['half a body', 'PUT /data/k HTTP/1.1\r\nContent-Length: 6\r\n\r\nvalue'],
    ['two requests', head('Host: h') + head('Host: h')],
    ['a body without a length', 'PUT /data/k HTTP/1.1\r\nHost: h\r\n\r\nvalue'],
    ['a body that is not asked for', head('Content-Length: 0')],
    ['a header that is said twice', head('Host: h', 'host: h')],
    ['an old way to close a connection', head('Host: h', 'Proxy-Connection: close')],
    ['a head of more than 2 KiB', head(`X-Long: ${'a'.repeat(2048)}`)],
    ['more than forty fields', head(...Array.from({ length: 41 }, (_, i) => `X-${i}: a`))],
  ])('leaves %s to the parser', (_what, text) => {
    expect(recognized(text)).toBeNull();
  });

  it.each([
    ['a condition', head('If-None-Match: *')],
    ['a read that waits', 'GET /data/k?wait=5 HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['what is no value', 'GET /keys HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['HEAD', 'HEAD /data/k HTTP/1.1\r\nHost: h\r\n\r\n'],
  ])('recognizes %s as whole and not as common', (_what, text) => {
    expect(recognized(text)?.isCommon).toBe(false);
  });

  it('reads fields that a connection sends again as what they are, and other ones anew', () => {
    const reader = new PlainReader(NO_SOCKET);
    const read = (text: string): object | undefined => reader.read(Buffer.from(text))?.headers;
    const first = read(head('Host: h'));
    expect(read(head('Host: h'))).toBe(first);
    expect(read(head('Host: other'))).toEqual({ host: 'other' });
    expect(read(head('Transfer-Encoding: chunked'))).toBeUndefined();
    expect(read(head('Host: h'))).toEqual({ host: 'h' });
  });
});
