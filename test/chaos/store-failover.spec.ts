// Primaries of a real Cluster die, and slots move, while clients write: nothing that all replicas
// had confirmed is lost, and the nodes go on by themselves.
import { until } from '../support/basics/until';
import { bytes, known, textOf, written } from '../support/fakes/engine-subject';
import { RedisCluster } from '../support/redis/redis-cluster';
import { describeWithRedis } from '../support/redis/with-redis';
import { openTestStore, type StoreUnderTest } from '../support/redis/store-engine';

const WRITERS = 8;
const LARGE = 300;
const LARGE_BYTES = 200_000;

/** Writes without end, each value once, and keeps what all had confirmed. */
class Load {
  readonly confirmed = new Map<string, string>();
  readonly outcomes = new Map<string, number>();
  private isOver = false;
  private readonly writing: Promise<unknown>;

  constructor(private readonly store: StoreUnderTest) {
    this.writing = Promise.all(Array.from({ length: WRITERS }, (_, at) => this.write(at)));
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.writing;
  }

  get count(): number {
    return this.confirmed.size;
  }

  private async write(writer: number): Promise<void> {
    for (let at = 0; !this.isOver; at += 1) {
      const isHeld = await this.once(`${writer}/${at}`, `value ${at} of ${writer}`);
      // A refused one comes back at once.
      if (!isHeld) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async once(key: string, value: string): Promise<boolean> {
    const outcome = await this.store.engine.put(bytes(key), bytes(value), 600_000, 'all');
    this.outcomes.set(outcome.kind, (this.outcomes.get(outcome.kind) ?? 0) + 1);
    if (outcome.kind === 'held' && outcome.acks >= 2) this.confirmed.set(key, value);
    return outcome.kind === 'held';
  }
}

async function expectKept(store: StoreUnderTest, { confirmed }: Load): Promise<void> {
  const missing: string[] = [];
  for (const [key, value] of confirmed)
    if (textOf(known(await store.engine.get(bytes(key)))) !== value) missing.push(key);
  expect(missing).toEqual([]);
}

async function failedOver(store: StoreUnderTest): Promise<void> {
  await until(() => store.engine.state() !== 'ready', 'the loss is seen');
  await until(() => store.engine.state() === 'ready', 'a replica has taken its place');
}

describeWithRedis('a cluster under load', () => {
  let cluster: RedisCluster;
  let store: StoreUnderTest;
  beforeAll(async () => {
    cluster = await RedisCluster.start();
    store = openTestStore(cluster.url, { storeTimeoutMs: 1000, writeTimeoutMs: 300 });
    await until(() => store.engine.state() === 'ready', 'the engine reaches the cluster');
  });
  afterAll(async () => {
    store.close();
    await cluster.stop();
  });

  it('moves slots while clients write, and loses nothing that was confirmed', async () => {
    const load = new Load(store);
    await until(() => load.count > 500, 'writes are confirmed');
    const [from, to] = cluster.primaries();
    // Buckets have 256 slots each: at least two of them go.
    await cluster.reshard(from, to, 600);
    const moved = load.count;
    await until(() => load.count > moved + 500, 'writes go on');
    await load.stop();
    await expectKept(store, load);
    const { keys } = await store.engine.list('', 0, '');
    expect(keys.length).toBeGreaterThanOrEqual(load.count);
    expect(store.engine.state()).toBe('ready');
  });

  it('confirms nothing that a replica has not got, and keeps what was confirmed when it takes over', async () => {
    const load = new Load(store);
    await until(() => load.count > 100, 'writes are confirmed');
    const [victim, replica] = cluster.pair();
    replica.signal('SIGSTOP');
    // More than a socket takes in for it: what else there is dies with the primary.
    const large = Array.from({ length: LARGE }, (_, at) => load.once(`large/${at}`, 'v'.repeat(LARGE_BYTES)));
    await Promise.all(large);
    await load.stop();
    victim.signal('SIGKILL');
    replica.signal('SIGCONT');
    await failedOver(store);
    await expectKept(store, load);
    expect(load.outcomes.get('stored')).toBeGreaterThan(0);
  });

  it('loses a primary while clients write, and nothing that was confirmed', async () => {
    const load = new Load(store);
    await until(() => load.count > 500, 'writes are confirmed');
    const [victim] = cluster.pair();
    victim.signal('SIGKILL');
    await failedOver(store);
    await load.stop();
    await expectKept(store, load);
    const again = written(await store.engine.put(bytes('after'), bytes('v'), 60_000, 'one'));
    expect(again.kind).toBe('held');
    const told = store.lines.map(({ event }) => event).filter((event) => event.startsWith('store-'));
    expect(told.slice(-3)).toEqual(['store-reached', 'store-away', 'store-reached']);
  });
});
