// Servers that are no nodes, or nodes that lie: what the client makes of them has an end, a size
// and a name.
// Without an engine: scripted servers stand for the nodes.
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Repram, type Change } from '../../src/client';
import { type Answering, ScriptedNode } from '../support/fakes/scripted-node';

const MIB = 1024 * 1024;
/** More than any answer of its kind has; less than would hurt this process. */
const LONG_BYTES = 64 * MIB;
const INVALID = expect.objectContaining({ name: 'RepramError', code: 'answer-invalid' }) as unknown;
const JSON_TYPE = { 'content-type': 'application/json' };
const PROBLEM_TYPE = { 'content-type': 'application/problem+json' };
const EVENTS_TYPE = { 'content-type': 'text/event-stream' };

let node: ScriptedNode;
let repram: Repram;
let sentBytes = 0;
async function against(answering: Answering): Promise<void> {
  node = await ScriptedNode.start(answering);
  repram = new Repram({ nodes: node.url, learnNodes: false, retries: 0 });
}
beforeEach(() => (sentBytes = 0));
afterEach(async () => {
  repram.close();
  await node.close();
});

/** Sends it again and again, as fast as it is taken. */
function pour(response: ServerResponse, status: number, headers: object, piece: string): void {
  response.writeHead(status, { ...headers });
  const more = (): void => {
    while (sentBytes < LONG_BYTES && !response.destroyed) {
      sentBytes += piece.length;
      if (!response.write(piece)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

async function all<T>(from: AsyncIterable<T>, most: number): Promise<T[]> {
  const got: T[] = [];
  for await (const each of from) {
    got.push(each);
    if (got.length >= most) break;
  }
  return got;
}

it.each<[string, number, object, () => Promise<unknown>]>([
  ['a problem, to a read', 400, PROBLEM_TYPE, () => repram.get('k')],
  ['a problem, to a write', 503, PROBLEM_TYPE, () => repram.put('k', 'v', { ttlSeconds: 600 })],
  ['the answer to a write', 201, {}, () => repram.put('k', 'v', { ttlSeconds: 600 })],
  ['a status', 200, JSON_TYPE, () => repram.status()],
  ['a list of peers', 200, JSON_TYPE, () => repram.peers()],
  ['a list of keys', 200, JSON_TYPE, () => all(repram.keys({ pageSize: 10 }), 1)],
])('reads no more than a part of %s without end', async (_what, status, headers, call) => {
  await against((_, response) => pour(response, status, headers, 'x'.repeat(MIB)));
  await expect(call()).rejects.toEqual(INVALID);
  expect(sentBytes).toBeLessThan(LONG_BYTES);
});

const VALUE = {
  'x-repram-version': '6882b0813d000-9f8a2c4e6b1d3570',
  'x-created-at': new Date().toISOString(),
  'x-original-ttl': '600',
  'x-remaining-ttl': '600',
};
const LARGE = expect.objectContaining({
  name: 'RepramError',
  code: 'value-too-large',
  status: 200,
}) as unknown;

describe('a value without end', () => {
  it('is read as far as any value of a node goes, and asked for once', async () => {
    await against((_, response) => pour(response, 200, VALUE, 'x'.repeat(MIB)));
    await expect(repram.get('k')).rejects.toEqual(LARGE);
    expect(sentBytes).toBeGreaterThan(32 * MIB);
    expect(sentBytes).toBeLessThan(LONG_BYTES);
    expect(node.asked).toHaveLength(1);
  });

  it('is read as far as the caller says', async () => {
    await against((_, response) => pour(response, 200, VALUE, 'x'.repeat(MIB)));
    repram = new Repram({ nodes: node.url, learnNodes: false, retries: 3, valueBytesMax: 100_000 });
    await expect(repram.get('k')).rejects.toEqual(LARGE);
    expect(sentBytes).toBeLessThan(32 * MIB);
    expect(node.asked).toHaveLength(1);
  });

  it('that says its length is not read at all', async () => {
    const headers = { ...VALUE, 'content-length': String(LONG_BYTES) };
    await against((_, response) => pour(response, 200, headers, 'x'.repeat(MIB)));
    await expect(repram.get('k')).rejects.toEqual(LARGE);
    expect(sentBytes).toBeLessThan(32 * MIB);
  });

  it('that is short until it is decompressed is not read to its end either', async () => {
    const zipped = gzipSync(Buffer.alloc(LONG_BYTES));
    await against((_, response) =>
      response
        .writeHead(200, { ...VALUE, 'content-encoding': 'gzip', 'content-length': zipped.length })
        .end(zipped),
    );
    await expect(repram.get('k')).rejects.toEqual(LARGE);
  });

  it('at one node does not keep the value of another from who asks', async () => {
    await against((_, response) => pour(response, 200, VALUE, 'x'.repeat(MIB)));
    const other = await ScriptedNode.start((_, response) => response.writeHead(200, VALUE).end('right'));
    repram = new Repram({ nodes: [node.url, other.url], learnNodes: false });
    expect((await repram.get('k'))?.text()).toBe('right');
    await other.close();
  });

  it('can be read as a stream as long as the caller likes', async () => {
    await against((_, response) => pour(response, 200, VALUE, 'x'.repeat(MIB)));
    const reader = (await repram.stream('k'))?.stream.getReader();
    let got = 0;
    while (got < 40 * MIB) got += (await reader?.read())?.value?.byteLength ?? Infinity;
    await reader?.cancel();
    expect(got).toBeLessThan(LONG_BYTES);
  });
});

it.each([
  ['says the same again', { keys: ['a', 'b'], next_cursor: 'Yg' }],
  ['has nothing, and goes on', { keys: [], next_cursor: 'Yg' }],
  ['has keys that are no text', { keys: [1, null] }],
  ['has a cursor that is no text', { keys: ['a'], next_cursor: 5 }],
])('ends a list of keys whose page %s', async (_what, page) => {
  await against((_, response) => response.writeHead(200, JSON_TYPE).end(JSON.stringify(page)));
  await expect(all(repram.keys(), 100)).rejects.toEqual(INVALID);
});

it('takes pages whose keys are in the order of their bytes, and not of their characters', async () => {
  const pages = [{ keys: ['\uFFFD'], next_cursor: 'x' }, { keys: ['\u{1F642}'] }];
  await against((_, response) => response.writeHead(200, JSON_TYPE).end(JSON.stringify(pages.shift())));
  expect(await all(repram.keys(), 100)).toEqual(['\uFFFD', '\u{1F642}']);
});

it.each([
  ['a line without end', 'data: xxxxxxxxxxxxxxxx'],
  ['an event without end', 'data: x\n'],
])('ends a stream of %s', async (_what, piece) => {
  await against((_, response) => pour(response, 200, EVENTS_TYPE, piece.repeat(60_000)));
  await expect(all(repram.watch(), 1)).rejects.toEqual(INVALID);
  expect(sentBytes).toBeLessThan(LONG_BYTES);
});

it.each([
  ['put', '{"key":5}'],
  [
    'put',
    '{"key":"k","version":"1-1","ttl_seconds":"soon","remaining_seconds":1,"size":1,"origin":"","created_at":""}',
  ],
  ['put', 'null'],
  ['put', 'no JSON'],
  ['expire', '{}'],
  ['member', '[]'],
  ['resync', '{"reason":{}}'],
])('says that a %s is none of a node: %s', async (type, data) => {
  await against((_, response) =>
    response.writeHead(200, EVENTS_TYPE).write(`event: ${type}\ndata: ${data}\n\n`),
  );
  const changes: Promise<Change[]> = all(repram.watch(), 1);
  await expect(changes).rejects.toEqual(INVALID);
});

it('takes no problem for one whose words are no text', async () => {
  const body = JSON.stringify({ code: 'key-invalid', title: { a: 1 }, detail: ['x'] });
  await against((_, response) => response.writeHead(400, PROBLEM_TYPE).end(body));
  await expect(repram.get('k')).rejects.toEqual(INVALID);
});
