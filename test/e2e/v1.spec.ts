// A client of REPRAM v2 as it has always been: Node's fetch, keys by encodeURIComponent, X-TTL, no
// authentication.
import { startNetwork, type Network } from '../support/processes/network';
import { onGossipOnly } from '../support/redis/gossip-only';

let network: Network;
beforeAll(async () => {
  network = await startNetwork(3, { name: 'flux-node-1' });
});
afterAll(async () => network.stop());

const data = (node: number, key: string): string =>
  `${network.urls[node]}/v1/data/${encodeURIComponent(key)}`;

async function store(key: string, body: string | Uint8Array, ttl: string): Promise<Response> {
  const answer = await fetch(data(0, key), { method: 'PUT', body, headers: { 'X-TTL': ttl } });
  await answer.arrayBuffer();
  return answer;
}

async function json(node: number, path: string): Promise<Record<string, unknown>> {
  const answer = await fetch(network.urls[node] + path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
  return (await answer.json()) as Record<string, unknown>;
}

const KEYS = [
  ...['plain', 'agents/alpha/notes', '/leading', 'trailing/', 'with space', 'plus+sign'],
  ...['schlüssel/日本語/🙂', '100%', 'a%2Fb', '?query=1&x#fragment', 'v1/data/v1', 'data'],
];

it.each(KEYS)('stores %j on one node and reads it on the others', async (key) => {
  const written = await store(key, `value of ${key}`, '450.5');
  expect(written.status).toBe(201);
  for (const node of [1, 2]) {
    const answer = await fetch(data(node, key));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(`value of ${key}`);
  }
});

it('tells on GET and HEAD when a value was written and how long it lasts', async () => {
  const before = Date.now();
  await store('told', 'x', '450.5');
  for (const method of ['GET', 'HEAD']) {
    const answer = await fetch(data(1, 'told'), { method });
    expect(await answer.text()).toBe(method === 'GET' ? 'x' : '');
    const created = answer.headers.get('x-created-at') ?? '';
    expect(new Date(created).toISOString()).toBe(created);
    expect(Math.abs(Date.parse(created) - before)).toBeLessThan(5000);
    expect(answer.headers.get('x-original-ttl')).toBe('451');
    const remaining = Number(answer.headers.get('x-remaining-ttl'));
    expect(remaining).toBeGreaterThan(440);
    expect(remaining).toBeLessThanOrEqual(451);
  }
});

it('keeps bytes exactly, the empty value too', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect((await store('bytes', bytes, '600')).status).toBe(201);
  expect(new Uint8Array(await (await fetch(data(2, 'bytes'))).arrayBuffer())).toEqual(bytes);
  expect((await store('empty', '', '600')).status).toBe(201);
  expect(await (await fetch(data(2, 'empty'))).text()).toBe('');
});

it('raises a lifetime that is too short and says so', async () => {
  const written = await store('short', 'x', '0.5');
  expect([written.status, written.headers.get('x-ttl')]).toEqual([201, '300']);
});

it('answers 404 for what is absent', async () => {
  for (const method of ['GET', 'HEAD']) {
    expect((await fetch(data(0, 'never written'), { method })).status).toBe(404);
  }
});

it('answers 400 for a key or lifetime it cannot read, 405 for DELETE and says why', async () => {
  const unreadable = await fetch(`${network.urls[0]}/v1/data/%ZZ`);
  expect(await unreadable.json()).toMatchObject({ status: 400, code: 'key-invalid' });
  expect((await store('bad', 'x', 'soon')).status).toBe(400);
  const refused = await fetch(data(0, 'plain'), { method: 'DELETE' });
  expect(refused.status).toBe(405);
  expect(((await refused.json()) as { detail: string }).detail).toContain('cannot be deleted');
});

it('lists all keys, however many', async () => {
  const many = Array.from({ length: 300 }, (_, i) => `many/${i}`);
  await Promise.all(many.map((key) => store(key, '', '600')));
  const { keys } = await json(2, '/v1/keys');
  expect(keys).toEqual(expect.arrayContaining([...KEYS, ...many]));
  expect(new Set(keys as string[]).size).toBe((keys as string[]).length);
});

it('tells health, topology, status and metrics by their names of then', async () => {
  const [first, second, third] = network.nodes.map(({ id, listenPort }) => ({ id, listenPort }));
  const enclave = network.nodes[0].settings.cluster;
  expect(await json(0, '/v1/health')).toEqual({
    status: 'healthy',
    node_id: first.id,
    network: 'public',
    enclave,
  });
  const topology = await json(0, '/v1/topology');
  const peer = ({ id, listenPort }: typeof first) => ({
    id,
    address: '127.0.0.1',
    http_port: listenPort,
    enclave,
  });
  expect(topology).toMatchObject({ node_id: first.id, enclave });
  expect(topology.peers).toHaveLength(2);
  expect(topology.peers).toEqual(expect.arrayContaining([peer(second), peer(third)]));
  const status = await json(0, '/v1/status');
  expect(Object.keys(status)).toEqual(Object.keys(await json(0, '/status')));
  const metrics = await (await fetch(`${network.urls[0]}/v1/metrics`)).text();
  expect(metrics).toContain('\nrepram_members{state="alive"} 2\n');
});

it('calls a node by its REPRAM_NODE_ID where one was set', async () => {
  const named = await startNetwork(2, { name: 'berlin-1' });
  const ask = async (path: string): Promise<unknown> => (await fetch(named.urls[0] + path)).json();
  expect(await ask('/v1/health')).toMatchObject({ node_id: 'berlin-1' });
  expect(await ask('/v1/topology')).toMatchObject({ node_id: 'berlin-1', peers: [{ id: 'berlin-1' }] });
  await named.stop();
});

it('asks nobody to authenticate, and takes no offence at who tries', async () => {
  for (const headers of [{}, { Authorization: 'Bearer of nothing', Cookie: 'session=1' }]) {
    const answer = await fetch(`${network.urls[0]}/v1/keys`, { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.has('www-authenticate')).toBe(false);
  }
});

onGossipOnly('a node that is missing is a copy that is missing')(
  'accepts with 202 what the quorum does not hold yet',
  async () => {
    const lone = await startNetwork(1, { nodeCount: 3, writeTimeoutMs: 100 });
    const answer = await fetch(`${lone.urls[0]}/v1/data/lone`, { method: 'PUT', body: 'x' });
    expect([answer.status, await (await fetch(`${lone.urls[0]}/v1/data/lone`)).text()]).toEqual([202, 'x']);
    await lone.stop();
  },
);

it('is unhealthy once it drains', async () => {
  const leaving = await startNetwork(1, { clusterSecret: 'a secret of this test' });
  leaving.nodes[0].runtime.beginDrain();
  const answer = await fetch(`${leaving.urls[0]}/v1/health`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ status: 'unhealthy', network: 'private' });
  await leaving.stop();
});
