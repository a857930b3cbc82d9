// The second engine is held to the same contract as the first: on one real server, on a primary
// with two replicas, and on a Cluster of six.
import { describeDataEngine } from '../support/fakes/data-engine-contract';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';
import { RedisCluster } from '../support/redis/redis-cluster';
import { describeWithRedis, RedisServer } from '../support/redis/redis-server';
import { openTestStore } from '../support/redis/store-engine';

interface Servers {
  readonly url: string;
  stop(): Promise<void>;
}

async function single(): Promise<Servers> {
  const server = await RedisServer.start(await portRange(1));
  return { url: `redis://127.0.0.1:${server.port}`, stop: () => server.stop() };
}

async function withReplicas(): Promise<Servers> {
  const first = await portRange(3);
  const primary = await RedisServer.start(first, '--repl-diskless-sync-delay', '0');
  const replicas = await Promise.all(
    [1, 2].map((at) => RedisServer.start(first + at, '--replicaof', `127.0.0.1 ${first}`)),
  );
  const isLinked = (): boolean => /connected_slaves:2/.test(primary.call('INFO', 'replication'));
  await until(isLinked, 'the replicas are linked');
  const stop = async (): Promise<void> => {
    await Promise.all([primary, ...replicas].map((server) => server.stop()));
  };
  return { url: `redis://127.0.0.1:${first}`, stop };
}

const KINDS: readonly (readonly [string, () => Promise<Servers>])[] = [
  ['one server', single],
  ['a primary with two replicas', withReplicas],
  ['a cluster of six', () => RedisCluster.start()],
];

describeWithRedis.each(KINDS)('on %s', (name, start) => {
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
