import request from 'supertest';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { memberReport as member } from '../support/core/member-report';
import { until } from '../support/basics/until';

let node: FakeNode;
beforeEach(async () => {
  node = await startFakeNode({ cleanupIntervalSeconds: 0.05 });
});
afterEach(async () => node.close());

const http = () => request(node.url);
it('is healthy alone, and says who it is', async () => {
  const { body } = await http().get('/health').expect(200);
  expect(body).toMatchObject({
    status: 'ok',
    node_id: node.engine.origin,
    name: 'node-1',
    cluster: 'test',
    discovery_enabled: true,
    active_peers: 0,
    error: {},
  });
  expect(body.details).toEqual(body.info);
  expect(body.details.runtime).toMatchObject({ status: 'up', last_tick_ago_ms: 3 });
  expect(body.details.quorum).toEqual({
    status: 'up',
    degraded: true,
    counts: 'nodes',
    needed: 2,
    reachable: 1,
  });
});

it('counts its living peers', async () => {
  node.view.members = [member({}), member({ id: 'bbbbbbbbbbbbbbbb', state: 'dead' })];
  const { body } = await http().get('/health').expect(200);
  expect(body.active_peers).toBe(1);
  expect(body.details.membership).toMatchObject({ status: 'up', degraded: true, alive: 1, dead: 1 });
  expect(body.details.quorum.degraded).toBe(false);
});

it('stays healthy when it is full, and says so', async () => {
  node.engine.limitBytes = 10;
  await node.engine.put(Buffer.from('k'), Buffer.alloc(10), 60_000, 'one');
  const { body } = await http().get('/health').expect(200);
  expect(body.details.storage).toMatchObject({
    status: 'up',
    degraded: true,
    used_bytes: node.engine.stats().usedBytes,
    limit_bytes: 10,
  });
});

it('is unhealthy when its core has not run for more than five seconds', async () => {
  node.view.lastTickAgoMs = 5001;
  const { body } = await http().get('/health').expect(503);
  expect(body).toMatchObject({ status: 'error', node_id: node.engine.origin });
  expect(body.error.runtime).toEqual({ status: 'down', last_tick_ago_ms: 5001 });
  expect(body.details.runtime).toEqual(body.error.runtime);
  await http().get('/health/live').expect(200);
});

it('says that it is shutting down, still in its own name', async () => {
  node.engine.currentState = 'draining';
  const { body } = await http().get('/health').expect(503);
  expect(body).toMatchObject({ status: 'shutting_down', node_id: node.engine.origin, cluster: 'test' });
  expect(body.error.serving).toEqual({ status: 'down', state: 'draining' });
  expect((await http().get('/health/ready').expect(503)).body.status).toBe('shutting_down');
  await http().get('/health/live').expect(200);
});

it.each(['starting', 'syncing'] as const)('is healthy but not ready while %s', async (state) => {
  node.engine.currentState = state;
  await http().get('/health').expect(200);
  const { body } = await http().get('/health/ready').expect(503);
  expect(body).toMatchObject({ status: 'error', error: { synced: { status: 'down', state } } });
  node.engine.currentState = 'ready';
  await http().get('/health/ready').expect(200);
});

it('asks for the verification sweep again and again', async () => {
  await until(() => node.view.sweeps >= 2, 'two sweeps');
});

it('is unhealthy when those who share its memory limit use more than 95 % of it', async () => {
  node.view.usage = { usedBytes: 950, limitBytes: 1000, scope: 'group', throttled: false };
  await http().get('/health').expect(200);
  node.view.usage = { usedBytes: 951, limitBytes: 1000, scope: 'group', throttled: false };
  const { body } = await http().get('/health').expect(503);
  expect(body.error.memory).toMatchObject({
    status: 'down',
    degraded: true,
    used_bytes: 951,
    limit_bytes: 1000,
    scope: 'group',
  });
});

it('is unhealthy when its own process is as near to a limit', async () => {
  node.view.usage = { usedBytes: 951, limitBytes: 1000, scope: 'process', throttled: false };
  const { body } = await http().get('/health').expect(503);
  expect(body.error.memory).toMatchObject({ status: 'down', scope: 'process' });
});

it.each([
  ['the whole machine runs short', { usedBytes: 990, limitBytes: 1000, scope: 'machine', throttled: false }],
  ['its group is slowed down', { usedBytes: 500, limitBytes: 1000, scope: 'group', throttled: true }],
] as const)('is degraded, and healthy, when %s', async (_, usage) => {
  node.view.usage = usage;
  const { body } = await http().get('/health').expect(200);
  expect(body.details.memory).toMatchObject({ status: 'up', degraded: true });
});

it('judges by its own memory where that of its group cannot be told', async () => {
  node.view.usage = { usedBytes: null, limitBytes: 1_000_000, scope: 'group', throttled: false };
  await http().get('/health').expect(503);
});
