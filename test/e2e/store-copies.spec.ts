// Which replicas have to confirm a write: those that a Cluster lists, whether they are there or
// not, and those that a primary by itself has had within the last minute.
// With servers of its own: their replicas hang, die and are forgotten.
import { until } from '../support/basics/until';
import { bytes, written } from '../support/fakes/engine-subject';
import { type Replicated, withReplicas } from '../support/redis/kinds';
import { RedisCluster } from '../support/redis/redis-cluster';
import type { RedisServer } from '../support/redis/redis-server';
import { openTestStore, type StoreUnderTest } from '../support/redis/store-engine';
import { describeWithRedis } from '../support/redis/with-redis';

/** Enough for every primary to have some of them. */
const KEYS = 60;
const WAIT_MS = 300;

const opened: StoreUnderTest[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

/** A node that remembers no replica. */
async function newNode(url: string): Promise<StoreUnderTest> {
  const store = openTestStore(url, { storeTimeoutMs: 1000, writeTimeoutMs: WAIT_MS });
  opened.push(store);
  await until(() => store.engine.state() === 'ready', 'the engine reaches its servers');
  return store;
}

/** What writes were answered: `held 2/2`. */
async function answersOf({ engine }: StoreUnderTest, level: 'quorum' | 'all'): Promise<string[]> {
  const writes = Array.from({ length: KEYS }, (_, at) =>
    engine.put(bytes(`${level}-${at}`), bytes('v'), 60_000, level),
  );
  const answers = (await Promise.all(writes)).map((outcome) => {
    const { kind, acks, expected } = written(outcome);
    return `${kind} ${acks}/${expected}`;
  });
  return [...new Set(answers)].sort();
}

function hasReplicas(primary: RedisServer, count: number): boolean {
  return primary.call('INFO', 'replication').includes(`connected_slaves:${count}`);
}

describeWithRedis('a Cluster whose replica is away', () => {
  let cluster: RedisCluster;
  let primary: RedisServer;
  let replica: RedisServer;
  beforeAll(async () => {
    cluster = await RedisCluster.start(() => ['--repl-timeout', '2', '--repl-ping-replica-period', '1']);
    [primary, replica] = cluster.pair();
    replica.signal('SIGSTOP');
    await until(() => hasReplicas(primary, 0), 'the primary has given the replica up');
    await until(() => !primary.call('CLUSTER', 'SLOTS').includes(String(replica.port)), 'so has the Cluster');
  });
  afterAll(() => cluster.stop());

  it.each(['all', 'quorum'] as const)(
    'confirms no write with w=%s that only the primary has',
    async (level) => {
      expect(await answersOf(await newNode(cluster.url), level)).toEqual(['held 2/2', 'stored 1/2']);
    },
  );

  it('tells operators how many there should be', async () => {
    const { engine } = await newNode(cluster.url);
    const facts = engine.about().primaries as readonly Record<string, unknown>[];
    const told = facts.map(({ replicas, expectedReplicas }) => [replicas, expectedReplicas]);
    expect(told.sort()).toEqual([
      [0, 1],
      [1, 1],
      [1, 1],
    ]);
  });

  it('asks no more for it when it is forgotten', async () => {
    const { id } = cluster.members().find(({ port }) => port === replica.port) ?? { id: '' };
    for (const server of cluster.servers.filter((each) => each !== replica))
      server.call('CLUSTER', 'FORGET', id);
    expect(await answersOf(await newNode(cluster.url), 'all')).toEqual(['held 1/1', 'held 2/2']);
  });
});

describeWithRedis('a primary without a Cluster', () => {
  let servers: Replicated;
  beforeAll(async () => {
    servers = await withReplicas();
  });
  afterAll(() => servers.stop());

  it('asks for a replica that is gone by nodes that have seen it a moment ago, and by no others', async () => {
    const store = await newNode(servers.url);
    const areAllThere = async (): Promise<boolean> => (await answersOf(store, 'all')).join() === 'held 3/3';
    await until(areAllThere, 'both replicas confirm');
    servers.replicas[0].signal('SIGKILL');
    await until(() => hasReplicas(servers.primary, 1), 'the primary has one replica left');
    expect(await answersOf(store, 'all')).toEqual(['stored 2/3']);
    expect(await answersOf(store, 'quorum')).toEqual(['held 2/3']);
    expect(await answersOf(await newNode(servers.url), 'all')).toEqual(['held 2/2']);
  });
});
