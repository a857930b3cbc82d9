// One client may not fill the servers that hold the values, however much or little memory the nodes
// have.
// With servers of its own: how much they may hold is what matters.
import { parseStoreUrl } from '../../src/config/store-address';
import { createNode, type RunningNode } from '../../src/create-node';
import { until } from '../support/basics/until';
import { testSettings } from '../support/fakes/fake-node';
import { call, put } from '../support/http/calls';
import { portRange } from '../support/processes/ports';
import { RedisServer } from '../support/redis/redis-server';
import { newClusterName } from '../support/redis/store-engine';
import { describeWithRedis } from '../support/redis/with-redis';

const MB = 1_048_576;
const DAY = 86_400;
const VALUE = Buffer.alloc(2 * MB);

describeWithRedis('a client of a node in front of a server with 100 MB', () => {
  let server: RedisServer;
  let node: RunningNode;
  afterEach(async () => {
    await node.stop();
    await server.stop();
  });

  const port = (): number => Number(node.listenPort);

  it.each([
    ['much less', 16 * MB],
    ['much more', 2048 * MB],
  ])('occupies a quarter of that, where the node itself could hold %s', async (_, storageBytesMax) => {
    const first = await portRange(2);
    server = await RedisServer.start(first, '--maxmemory', '100mb');
    node = await createNode(
      testSettings({
        store: parseStoreUrl(`redis://127.0.0.1:${first}`),
        cluster: newClusterName(),
        basePort: first + 1,
        maxPorts: 1,
        nodeCount: 1,
        quotaExempt: [],
        storageBytesMax,
        valueBytesMax: 4 * MB,
      }),
    );
    const quota = async (): Promise<{ bytes: number }> =>
      (JSON.parse((await call(port(), '/status')).body.toString()) as { client_quota: { bytes: number } })
        .client_quota;
    await until(async () => (await quota()).bytes === 50 * MB, 'the node knows what the server may hold');
    const statuses: number[] = [];
    for (let at = 0; at < 14; at += 1)
      statuses.push((await put(port(), `k${at}`, VALUE, { ttl: DAY })).status);
    expect(statuses).toEqual([...Array<number>(12).fill(201), 429, 429]);
  });
});
