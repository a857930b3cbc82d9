// A write with a condition is judged by what a node has read, and done if that is still so. Here
// others write the key each time between the two.
// With servers of its own: what a node sends to it is held up.
import { parseStoreUrl } from '../../src/config/store-address';
import { createNode, type RunningNode } from '../../src/create-node';
import { until } from '../support/basics/until';
import { bytes, written } from '../support/fakes/engine-subject';
import { testSettings } from '../support/fakes/fake-node';
import { call, get, put, read } from '../support/http/calls';
import { portRange } from '../support/processes/ports';
import { RedisServer } from '../support/redis/redis-server';
import { ServerWay } from '../support/redis/server-way';
import { newClusterName, openTestStore, type StoreUnderTest } from '../support/redis/store-engine';
import { describeWithRedis } from '../support/redis/with-redis';

describeWithRedis('a write with a condition that others keep overtaking', () => {
  let server: RedisServer;
  let way: ServerWay;
  let node: RunningNode;
  /** Another node, whose writes are not held up. */
  let other: StoreUnderTest;
  let port: number;
  let writes = 0;

  beforeAll(async () => {
    const first = await portRange(3);
    const cluster = newClusterName();
    server = await RedisServer.start(first);
    way = await ServerWay.start(first + 1, first);
    other = openTestStore(`redis://127.0.0.1:${first}`, { cluster });
    const store = parseStoreUrl(`redis://127.0.0.1:${first + 1}`);
    const place = { basePort: first + 2, maxPorts: 1, nodeCount: 1 };
    node = await createNode(testSettings({ store, cluster, ...place }));
    port = Number(node.listenPort);
    const isReady = (): boolean => [node, other].every(({ engine }) => engine.state() === 'ready');
    await until(isReady, 'both reach the server');
  });
  afterAll(async () => {
    await node.stop();
    other.close();
    await way.stop();
    await server.stop();
  });
  beforeEach(async () => {
    await put(port, 'k', 'first');
  });
  afterEach(() => {
    way.before = () => Promise.resolve();
  });

  const overtake = async (): Promise<void> => {
    writes += 1;
    written(await other.engine.put(bytes('k'), bytes(`other ${writes}`), 600_000, 'one'));
  };
  const guarded = (name: string, tag: string): ReturnType<typeof call> =>
    call(port, '/data/k', { method: 'PUT', headers: { [name]: tag }, body: 'mine' });

  it('is answered 503 busy and when to come back, stores nothing, and is done when they stop', async () => {
    way.before = overtake;
    const refused = await guarded('if-match', '*');
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(refused.body.toString())).toMatchObject({
      code: 'busy',
      detail: expect.stringContaining('Others write this key all the time') as string,
    });
    way.before = () => Promise.resolve();
    expect(await read(port, 'k')).toMatch(/^200 other \d+$/);
    expect((await guarded('if-match', '*')).status).toBe(201);
    expect(await read(port, 'k')).toBe('200 mine');
  });

  it('is done after a few who overtake it, where its condition still holds', async () => {
    let left = 5;
    way.before = async () => {
      left -= 1;
      if (left >= 0) await overtake();
    };
    expect((await guarded('if-match', '*')).status).toBe(201);
    expect(left).toBeLessThan(0);
    expect(await read(port, 'k')).toBe('200 mine');
  });

  it('is answered 412 with the version that is there, where it was about the one before', async () => {
    const { etag = '' } = (await get(port, 'k')).headers;
    way.before = overtake;
    const unmet = await guarded('if-match', etag);
    expect(unmet.status).toBe(412);
    expect(unmet.headers.etag).not.toBe(etag);
  });
});
