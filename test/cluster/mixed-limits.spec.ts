// A network while REPRAM_MAX_VALUE_BYTES and REPRAM_MAX_KEY_BYTES are changed, one host after the
// other: what one node may take from clients is more than another may.
import { call, get, isReady, put, untilMesh } from '../support/http/calls';
import { Cluster, type Environment } from '../support/processes/cluster';
import { portRange } from '../support/processes/ports';
import type { TestProcess } from '../support/processes/test-process';
import { until } from '../support/basics/until';

const HIGH: Environment = { REPRAM_MAX_VALUE_BYTES: '33554432', REPRAM_MAX_KEY_BYTES: '4096' };
const LOW: Environment = { REPRAM_MAX_VALUE_BYTES: '1000000', REPRAM_MAX_KEY_BYTES: '100' };

/** The greatest that any setting allows, both at once. */
const LONG_KEY = 'k'.repeat(4096);
const GREATEST = Buffer.alloc(33_554_432, 'greatest ');
const LARGE = Buffer.alloc(2_500_000, 'large ');

const cluster = new Cluster();
let base: number;

beforeEach(async () => {
  base = await portRange(10);
});
afterEach(() => cluster.cleanUp());

/** Of two nodes the first or the second. */
function launch(limits: Environment, index: number): TestProcess {
  return cluster.startNode({ base, index, name: `node-${index}`, env: { NODE_COUNT: '2', ...limits } });
}

async function pair(first: Environment, second: Environment): Promise<TestProcess[]> {
  const nodes = [launch(first, 1), launch(second, 2)];
  await untilMesh([base, base + 1]);
  return nodes;
}

async function expectValue(port: number, key: string, value: Buffer): Promise<void> {
  const { status, body } = await get(port, key, { limitMs: 30_000 });
  expect([status, body.equals(value)]).toEqual([200, true]);
}

async function expectHeldByBoth(port: number, key: string, value: Buffer): Promise<void> {
  const { status, headers } = await put(port, key, value, { limitMs: 30_000 });
  expect([status, headers['x-repram-acks']]).toEqual([201, '2/2']);
}

function expectNoLinkLost(nodes: readonly TestProcess[]): void {
  for (const event of ['frame-invalid', 'peer-link-lost', 'member-suspect'])
    expect(nodes.flatMap((node) => node.events(event))).toEqual([]);
}

it.each([
  ['the greatest value that any node takes', 'greatest', GREATEST],
  ['the longest key', LONG_KEY, Buffer.from('small')],
  ['both at once', LONG_KEY, GREATEST],
])('a node takes %s from a peer, gives it, and keeps its link', async (_what, key, value) => {
  const nodes = await pair(HIGH, LOW);
  await until(
    async () => (await put(base, key, value, { limitMs: 30_000 })).headers['x-repram-acks'] === '2/2',
    'both hold it',
    60_000,
  );
  for (const port of [base, base + 1]) await expectValue(port, key, value);
  await expectHeldByBoth(base, 'after', Buffer.from('it'));
  await expectHeldByBoth(base + 1, 'after', Buffer.from('that'));
  expectNoLinkLost(nodes);
});

it('a node takes from its own clients what its own limits allow', async () => {
  await pair(HIGH, LOW);
  expect((await put(base + 1, 'large', LARGE)).status).toBe(413);
  expect((await put(base + 1, 'k'.repeat(101), 'v')).status).toBe(414);
  expect((await put(base, 'large', LARGE)).status).toBe(201);
});

it('a list goes on behind a key that is longer than clients may write here', async () => {
  await pair(HIGH, LOW);
  await expectHeldByBoth(base, LONG_KEY, Buffer.from('v'));
  await expectHeldByBoth(base, 'last', Buffer.from('v'));
  const first = await call(base + 1, '/keys?limit=1');
  const { keys, next_cursor: cursor } = JSON.parse(first.body.toString()) as Record<string, unknown>;
  expect(keys).toEqual([LONG_KEY]);
  const second = await call(base + 1, `/keys?limit=1&cursor=${String(cursor)}`);
  expect(JSON.parse(second.body.toString())).toMatchObject({ keys: ['last'] });
  const named = await call(base + 1, `/keys?prefix=${LONG_KEY.slice(0, 2000)}`);
  expect(JSON.parse(named.body.toString())).toMatchObject({ keys: [LONG_KEY] });
});

it.each([
  ['lower', HIGH, LOW],
  ['higher', LOW, HIGH],
])('limits that are made %s node by node cost no value and no readiness', async (_how, before, after) => {
  const nodes = await pair(before, before);
  const [key, value] = before === HIGH ? [LONG_KEY, LARGE] : ['k', Buffer.alloc(900_000, 'v')];
  await expectHeldByBoth(base, key, value);
  for (const index of [1, 2]) {
    nodes[index - 1].signal('SIGTERM');
    await nodes[index - 1].exited;
    nodes[index - 1] = launch(after, index);
    await until(() => isReady(base + index - 1), 'it is ready', 30_000);
    await untilMesh([base, base + 1]);
    await expectValue(base + index - 1, key, value);
  }
  for (const node of nodes) expect(node.events('frame-invalid')).toEqual([]);
});
