// An engine on a server of its own, and what is looked up and steered there.
import { Buckets } from '../../../src/engines/redis/buckets';
import type { CaughtUp, PutOutcome, ReadRecord } from '../../../src/runtime/data-engine';
import { until } from '../basics/until';
import { portRange } from '../processes/ports';
import { RedisServer } from './redis-server';
import { newClusterName, openTestStore, type StoreUnderTest } from './store-engine';

export const DAY_MS = 86_400_000;

/** It is reached. */
export class StoreScene {
  private constructor(
    readonly server: RedisServer,
    readonly cluster: string,
    readonly buckets: Buckets,
    private readonly store: StoreUnderTest,
  ) {}

  static async begin(): Promise<StoreScene> {
    return StoreScene.on(await RedisServer.start(await portRange(1)), false);
  }

  /** One server with all slots. @param isNamedSo false = its address is that of a server alone */
  static async ofCluster(isNamedSo = true): Promise<StoreScene> {
    const options = ['--cluster-enabled', 'yes', '--cluster-port', String(await portRange(1))];
    const server = await RedisServer.start(await portRange(1), ...options);
    const slots = Array.from({ length: 16_384 }, (_, slot) => String(slot));
    server.call('CLUSTER', 'ADDSLOTS', ...slots);
    return StoreScene.on(server, isNamedSo);
  }

  private static async on(server: RedisServer, isCluster: boolean): Promise<StoreScene> {
    const cluster = newClusterName();
    const url = `${isCluster ? 'redis-cluster' : 'redis'}://127.0.0.1:${server.port}`;
    const store = openTestStore(url, { cluster, storeTimeoutMs: 2000 });
    const scene = new StoreScene(server, cluster, Buckets.of(cluster, isCluster), store);
    await until(() => scene.engine.state() === 'ready', 'the engine reaches its server');
    return scene;
  }

  get engine(): StoreUnderTest['engine'] {
    return this.store.engine;
  }

  async end(): Promise<void> {
    this.store.close();
    await this.server.stop();
  }

  put(key: string, value = 'v', ttlMs = DAY_MS): Promise<PutOutcome> {
    return this.engine.put(Buffer.from(key), Buffer.from(value), ttlMs, 'one');
  }

  async read(key: string): Promise<string | null> {
    const found = (await this.engine.get(Buffer.from(key))) as ReadRecord | null;
    return found && Buffer.from(found.value).toString();
  }

  /** Scripts that wrote: each adds one entry to the stream of changes. */
  writingScripts(): number {
    const told = this.server.call('INFO', 'commandstats');
    return Number(/cmdstat_xadd:calls=(\d+)/.exec(told)?.[1] ?? 0);
  }

  /** What a reader from there is told that it missed. */
  catchUp(since: string | null): Promise<CaughtUp> {
    const asked = {
      since,
      prefix: '',
      valueBytesMax: 0,
      client: 'one',
      began: () => undefined,
      take: () => Promise.resolve(),
    };
    return this.engine.catchUp(asked, new AbortController().signal);
  }

  /** Adds the first entry of the stream once more, at a later time: new ones come behind it. */
  aheadInStream(key: string, byMs: number): void {
    const copy = `local entry = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
redis.call('XADD', KEYS[1], string.format('%.0f-0', string.match(entry[1], '^%d+') + ARGV[1]), unpack(entry[2]))
return 1`;
    this.server.call('EVAL', copy, '1', this.nameOf(2, key), String(byMs));
  }

  /** As a replica takes over that had not got the last entry. */
  loseLast(key: string): void {
    const log = this.nameOf(2, key);
    const [id] = this.server.call('XREVRANGE', log, '+', '-', 'COUNT', '1').split('\n');
    this.server.call('XDEL', log, id);
  }

  /** How many changes the stream of a key's bucket has: each entry begins with its count. */
  changesKept(key: string): number {
    const count = `local sum = 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do
  sum = sum + struct.unpack('>I2', entry[2][2])
end
return sum`;
    return Number(this.server.call('EVAL', count, '1', this.nameOf(2, key)));
  }

  valueName(key: string): string {
    const bytes = Buffer.from(key);
    return Buffer.concat(this.buckets.valueKey(this.buckets.of(bytes), bytes)).toString();
  }

  nameOf(structure: number, key: string): string {
    return this.buckets.keys(this.buckets.of(Buffer.from(key))).structures[structure].toString();
  }
}

export const keysUpTo = (count: number): string[] => Array.from({ length: count }, (_, at) => `key-${at}`);
