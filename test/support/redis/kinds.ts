// The ways in which servers may be set up: one, a primary with two replicas, a Cluster of six.
import { until } from '../basics/until';
import { portRange } from '../processes/ports';
import { RedisCluster } from './redis-cluster';
import { RedisServer } from './redis-server';

export interface Servers {
  readonly url: string;
  stop(): Promise<void>;
}

async function single(): Promise<Servers> {
  const server = await RedisServer.start(await portRange(1));
  return { url: `redis://127.0.0.1:${server.port}`, stop: () => server.stop() };
}

export interface Replicated extends Servers {
  readonly primary: RedisServer;
  readonly replicas: readonly RedisServer[];
}

export async function withReplicas(): Promise<Replicated> {
  const first = await portRange(3);
  const primary = await RedisServer.start(first, '--repl-diskless-sync-delay', '0');
  const replicas = await Promise.all(
    [1, 2].map((at) => RedisServer.start(first + at, '--replicaof', `127.0.0.1 ${first}`)),
  );
  const isLinked = (): boolean => primary.call('INFO', 'replication').includes('connected_slaves:2');
  await until(isLinked, 'the replicas are linked');
  const stop = async (): Promise<void> => {
    await Promise.all([primary, ...replicas].map((server) => server.stop()));
  };
  return { url: `redis://127.0.0.1:${first}`, primary, replicas, stop };
}

export const SERVER_KINDS: readonly (readonly [string, () => Promise<Servers>])[] = [
  ['one server', single],
  ['a primary with two replicas', withReplicas],
  ['a cluster of six', () => RedisCluster.start()],
];
