// The second engine is held to the same contract as the first: on one real server.
import { describeDataEngine } from '../support/fakes/data-engine-contract';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';
import { describeWithRedis, RedisServer } from '../support/redis/redis-server';
import { openTestStore } from '../support/redis/store-engine';

describeWithRedis('on one server', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start(await portRange(1));
  });
  afterAll(() => server.stop());

  describeDataEngine(
    'the redis engine',
    async () => {
      const { engine, close } = openTestStore(`redis://127.0.0.1:${server.port}`);
      await until(() => engine.state() === 'ready', 'the engine reaches its server');
      return { engine, close };
    },
    'elsewhere',
  );
});
