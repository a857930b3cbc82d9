// Nodes that may lack what others hold. A list and a stream of changes call absent what they do not
// tell of, so they say what a read of one key says: that nobody knows.
import { join } from 'node:path';
import { call, get, isReady, put, untilMesh, type Place } from '../support/http/calls';
import { EventReader } from '../support/http/event-reader';
import { LoopbackPair } from '../support/hosts/loopback-pair';
import { Cluster } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';

const SET_CLOCK = join(__dirname, '../support/platform/set-clock.cjs');
const HOUR_MS = 3_600_000;
/** A stream waits for twenty seconds before it ends. */
const STREAM_MS = 40_000;

const cluster = new Cluster();
afterEach(() => cluster.cleanUp());

async function codeOf(place: Place, path: string): Promise<string> {
  const { status, body } = await call(place, path);
  return status === 200 ? '200' : `${status} ${(JSON.parse(body.toString()) as { code: string }).code}`;
}

async function expectListsUnknown(place: Place): Promise<void> {
  for (const path of ['/keys', '/keys?limit=5', '/v1/keys', '/data/k'])
    expect(`${path} ${await codeOf(place, path)}`).toBe(`${path} 503 syncing`);
  expect((await get(place, 'k', { method: 'HEAD' })).status).toBe(503);
  expect((await put(place, 'k', 'v', { headers: { 'If-None-Match': '*' } })).status).toBe(503);
}

/** Streams from these places end, and none says that it told all. */
async function expectStreamsEnd(port: number, ...lastIds: readonly string[]): Promise<void> {
  const readers = await Promise.all(
    lastIds.map((lastId) =>
      lastId === '' ? EventReader.open(port, '?since=start') : EventReader.open(port, '', lastId),
    ),
  );
  for (const reader of readers) {
    await until(() => reader.isOver, 'the stream ends', STREAM_MS);
    expect(reader.of('end')).toMatchObject([{ reason: 'syncing' }]);
    expect(reader.of('caught-up')).toEqual([]);
  }
}

it('a first node that expects another host lists nothing, and no stream has told all', async () => {
  const base = await portRange(10);
  cluster.startNode({ base, env: { REPRAM_EXPECTED_HOSTS: '2' } });
  await until(() => isReady(base), 'it is ready');
  await Promise.all([expectListsUnknown(base), expectStreamsEnd(base, '')]);
});

it('a node whose clock is behind lists nothing, and no stream has told all', async () => {
  const base = await portRange(10);
  const clock = { NODE_OPTIONS: `--require ${SET_CLOCK}`, SET_CLOCK_MS: String(Date.now() - 2 * HOUR_MS) };
  for (const index of [1, 2]) cluster.startNode({ base, index });
  await untilMesh([base, base + 1]);
  const late = cluster.startNode({ base, index: 3, env: clock });
  const port = base + 2;
  await untilMesh([base, base + 1, port]);
  await until(() => late.events('clock-offset').length > 0, 'it knows that its clock is behind');
  const reader = await EventReader.open(port, '?since=start');
  await reader.untilHas('caught-up');
  expect((await put(base, 'k', 'v')).status).toBe(201);
  await until(async () => (await codeOf(port, '/data/k')) === '503 syncing', 'it refused the value');
  await Promise.all([expectListsUnknown(port), expectStreamsEnd(port, '', reader.lastId)]);
  expect(await codeOf(base, '/keys')).toBe('200');
  reader.close();
});

it.each([
  ['with another secret', { REPRAM_CLUSTER_SECRET: 'another-secret-of-this-test' }],
  ['without the secret', {}],
])('a node %s, which the peer it is told of refuses, is ready and lists nothing', async (_how, secret) => {
  const hosts = new LoopbackPair();
  await hosts.connect();
  const [base] = hosts.ports;
  const bound = (host: 'a' | 'b'): Record<string, string> => ({
    REPRAM_BIND_ADDRESS: hosts.bindAddressOf(host),
  });
  const env = { ...bound('a'), REPRAM_CLUSTER_SECRET: 'the-secret-of-this-test' };
  cluster.startNode({ base, env });
  await until(() => isReady(hosts.place('a', base)), 'the first is ready');
  expect((await put(hosts.place('a', base), 'k', 'v')).status).toBeLessThan(300);
  const peers = { REPRAM_PEERS: `${hosts.addressOf('a')}:${base}` };
  const refused = cluster.startNode({ base, env: { ...bound('b'), ...peers, ...secret } });
  const place = hosts.place('b', base);
  await until(() => refused.events('candidate-ignored').length > 0, 'it was refused');
  await until(() => isReady(place), 'it is ready');
  await expectListsUnknown(place);
});
