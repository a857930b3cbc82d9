import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { until } from '../support/basics/until';
import { startFakeNode } from '../support/fakes/fake-node';

const RELEASE = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
  version: string;
};

it('tells everything but the secret', async () => {
  const node = await startFakeNode({
    clusterSecret: 'do not tell',
    peers: [{ address: '10.0.0.9', port: 1 }],
  });
  await node.engine.put(Buffer.from('k'), Buffer.from('12345'), 60_000, 'one');
  await until(() => node.engine.stats().keys === 1, 'figures of now');
  const { body, text } = await request(node.url).get('/status').expect(200);
  await node.close();
  const count = expect.any(Number) as number;
  expect(body).toMatchObject({
    node_id: node.engine.origin,
    name: 'node-1',
    cluster: 'test',
    port: node.port,
    version: RELEASE.version,
    uptime: '12s',
    uptime_seconds: 12,
    state: 'ready',
    storage: { keys: 1, value_bytes: 5, used_bytes: count, limit_bytes: count, stubs: 0 },
    digest: { keys: 1, used_bytes: count, limit_bytes: count, puts_per_second: 3, gets_per_second: 4 },
    event_loop: { p50_ms: 1, p99_ms: 2, max_ms: 5 },
    replication: { quorum: 2, counts: 'nodes' },
    membership: { alive: 0, expected_nodes: 3 },
    config: { cluster_secret: 'set', ttl_min_seconds: 300, peers: [{ address: '10.0.0.9', port: 1 }] },
  });
  expect(Object.keys(body.memory as object).sort()).toEqual(['external', 'heap_total', 'heap_used', 'rss']);
  expect(text).not.toContain('do not tell');
});

it('says that there is no secret', async () => {
  const node = await startFakeNode();
  const { body } = await request(node.url).get('/status').expect(200);
  await node.close();
  expect(body.config.cluster_secret).toBe('unset');
});
