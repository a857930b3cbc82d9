// The second engine is held to the same contract as the first: on one real server, on a primary
// with two replicas, and on a Cluster of six.
// With servers of its own: in each way in which they may be set up.
import { describeDataEngine } from '../support/fakes/data-engine-contract';
import { until } from '../support/basics/until';
import { SERVER_KINDS, type Servers } from '../support/redis/kinds';
import { describeWithRedis } from '../support/redis/with-redis';
import { openTestStore } from '../support/redis/store-engine';

describeWithRedis.each(SERVER_KINDS)('on %s', (name, start) => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await start();
  });
  afterAll(() => servers.stop());

  describeDataEngine(
    `the redis engine on ${name}`,
    async () => {
      const { engine, close } = openTestStore(servers.url);
      await until(() => engine.state() === 'ready', 'the engine reaches its servers');
      return { engine, close };
    },
    'elsewhere',
  );
});
