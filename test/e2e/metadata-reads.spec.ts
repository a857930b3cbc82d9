// Reads that need no bytes of a value, at a node that had no room for it: what crosses from the
// peer that holds it.
// On gossip alone: nodes there ask each other for values.
import { createNode, type RunningNode } from '../../src/create-node';
import { until } from '../support/basics/until';
import { testSettings } from '../support/fakes/fake-node';
import { portRange } from '../support/processes/ports';

const MB = 1_000_000;
const VALUE = Buffer.alloc(5 * MB, 'v');

let nodes: RunningNode[];
let etag: string;

beforeAll(async () => {
  const places = { basePort: await portRange(2), maxPorts: 2, nodeCount: 2 };
  const started = [64 * MB, MB].map((storageBytesMax, at) =>
    createNode(testSettings({ ...places, index: at + 1, storageBytesMax })),
  );
  nodes = await Promise.all(started);
  await until(() => nodes.every(({ runtime }) => runtime.state() === 'ready'), 'both are ready', 30_000);
  await until(() => nodes.every(({ runtime }) => runtime.peers().length === 1), 'they are linked', 30_000);
  // Beyond nine tenths of its storage it looks for nothing that it could not keep. It has refused
  // nothing yet, and so does not call itself full: the other one would take no new key then.
  for (let at = 0; at < 91; at += 1) {
    const url = `http://127.0.0.1:${String(nodes[1].listenPort)}/data/small-${String(at)}`;
    expect((await fetch(url, { method: 'PUT', body: Buffer.alloc(10_000) })).ok).toBe(true);
  }
  const written = await fetch(urlOf(0), { method: 'PUT', body: VALUE });
  expect(written.status).toBe(202);
  etag = `"${String(written.headers.get('x-repram-version'))}"`;
  await until(
    () => moved() > VALUE.length && nodes[1].runtime.report().replication.missingWrites === 0,
    'the value has come, has found no room, and is not missed any more',
  );
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
});

function urlOf(at: number): string {
  return `http://127.0.0.1:${String(nodes[at].listenPort)}/data/large`;
}

/** Bytes that the node without room has received on its link. */
function moved(): number {
  return nodes[1].runtime.counters().links.receivedBytes;
}

/** The answer of the node without room, and how much came on its link for it. */
async function ask(method: string, headers: Record<string, string> = {}) {
  const before = moved();
  const answer = await fetch(urlOf(1), { method, headers });
  const bytes = (await answer.arrayBuffer()).byteLength;
  return { status: answer.status, headers: answer.headers, bytes, moved: moved() - before };
}

it('moves no value for a HEAD, which is answered as by the node that holds it', async () => {
  const holder = await fetch(urlOf(0), { method: 'HEAD' });
  const { status, headers, moved: crossed } = await ask('HEAD');
  expect(status).toBe(200);
  for (const name of [
    'content-length',
    'content-type',
    'etag',
    'x-repram-version',
    'x-original-ttl',
    'x-created-at',
  ])
    expect(headers.get(name)).toBe(holder.headers.get(name));
  expect(headers.get('content-length')).toBe(String(VALUE.length));
  expect(Number(headers.get('x-remaining-ttl'))).toBeGreaterThan(0);
  expect(crossed).toBeLessThan(MB / 10);
});

it.each([
  ['If-None-Match', () => etag, 304],
  ['If-None-Match', () => '*', 304],
  ['If-Match', () => '"1-0000000000000000"', 412],
])('moves no value for a GET with %s that is answered without it', async (name, tag, status) => {
  const answer = await ask('GET', { [name]: tag() });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('etag')).toBe(etag);
  expect(answer.moved).toBeLessThan(MB / 10);
});

it('gives the value to a GET whose condition lets it', async () => {
  const answer = await ask('GET', { 'If-None-Match': '"1-0000000000000000"', 'If-Match': etag });
  expect([answer.status, answer.bytes]).toEqual([200, VALUE.length]);
});

it('moves no value that is older than the version asked for', async () => {
  const later = `${(Date.now() * 1024 + 1e6).toString(16)}-0000000000000000`;
  const answer = await ask('GET', { 'X-Repram-Min-Version': later });
  expect(answer.status).toBe(404);
  expect(answer.moved).toBeLessThan(MB / 10);
});

it('refuses a new key where no quorum could hold it, and says that it has room itself', async () => {
  const small = `http://127.0.0.1:${String(nodes[1].listenPort)}/data/one-too-many`;
  expect((await fetch(small, { method: 'PUT', body: Buffer.alloc(100_000) })).status).toBe(507);
  await until(() => nodes[0].runtime.peers()[0].full, 'the other one knows');
  const refused = await fetch(`http://127.0.0.1:${String(nodes[0].listenPort)}/data/new`, {
    method: 'PUT',
    body: 'x',
  });
  expect(refused.status).toBe(507);
  expect(await refused.json()).toMatchObject({
    code: 'storage-full',
    detail: expect.stringContaining('This node has room, but so many others have none'),
  });
  expect((await fetch(urlOf(0), { method: 'PUT', body: 'smaller' })).ok).toBe(true);
});
