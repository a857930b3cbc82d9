// What the servers of the values are asked to do for writes: several in one step, none of them at
// the cost of another.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Buckets } from '../../src/engines/redis/buckets';
import { ENTRIES_PER_LOOK } from '../../src/engines/redis/tails';
import { PACK_WRITES_MAX } from '../../src/engines/redis/write-packs';
import type { EngineChange, PutOutcome, ReadRecord } from '../../src/runtime/data-engine';
import { until } from '../support/basics/until';
import { portRange } from '../support/processes/ports';
import { RedisServer } from '../support/redis/redis-server';
import { newClusterName, openTestStore, type StoreUnderTest } from '../support/redis/store-engine';
import { describeWithRedis } from '../support/redis/with-redis';

const DAY_MS = 86_400_000;

/** An engine on a server of its own, reached. */
class Scene {
  private constructor(
    readonly server: RedisServer,
    readonly cluster: string,
    readonly buckets: Buckets,
    private readonly store: StoreUnderTest,
  ) {}

  static async begin(prepare: (server: RedisServer) => void, ...options: readonly string[]): Promise<Scene> {
    const server = await RedisServer.start(await portRange(1), ...options);
    prepare(server);
    const cluster = newClusterName();
    const store = openTestStore(`redis://127.0.0.1:${server.port}`, { cluster, storeTimeoutMs: 2000 });
    const scene = new Scene(server, cluster, Buckets.of(cluster, false), store);
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

  /** Scripts that wrote: each asks for the time once, and so does each look at a bucket. */
  writingScripts(): number {
    const told = this.server.call('INFO', 'commandstats');
    const calls = (name: string): number =>
      Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(told)?.[1] ?? 0);
    return calls('time') - calls('hmget');
  }

  valueName(key: string): string {
    const bytes = Buffer.from(key);
    return Buffer.concat(this.buckets.valueKey(this.buckets.of(bytes), bytes)).toString();
  }

  nameOf(structure: number, key: string): string {
    return this.buckets.keys(this.buckets.of(Buffer.from(key))).structures[structure].toString();
  }
}

const kindsOf = (outcomes: readonly PutOutcome[]): string[] => outcomes.map(({ kind }) => kind);
const keysUpTo = (count: number): string[] => Array.from({ length: count }, (_, at) => `key-${at}`);

describeWithRedis('writes of one turn', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.begin(() => undefined);
  });
  afterAll(() => scene.end());

  it('are one call of a script for a server that has all buckets', async () => {
    await scene.put('first');
    const before = scene.writingScripts();
    const outcomes = await Promise.all(keysUpTo(2 * PACK_WRITES_MAX).map((key) => scene.put(key)));
    expect(new Set(kindsOf(outcomes))).toEqual(new Set(['held']));
    expect(scene.writingScripts() - before).toBe(2);
  });

  it('are done in their order, each above the one before', async () => {
    const outcomes = await Promise.all(['1', '2', '3'].map((value) => scene.put('same', value)));
    const stamps = outcomes.map((outcome) => ('version' in outcome ? outcome.version.hlc : 0));
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
    expect(await scene.read('same')).toBe('3');
  });

  it('are above those of other nodes, whichever node has stamped higher', async () => {
    const { server, cluster } = scene;
    const other = openTestStore(`redis://127.0.0.1:${server.port}`, { cluster });
    try {
      await until(() => other.engine.state() === 'ready', 'the other engine reaches the server');
      const stamps: number[] = [];
      for (let at = 0; at < 100; at += 1) {
        const { engine } = at % 2 === 0 ? scene : other;
        const outcome = await engine.put(Buffer.from('by both'), Buffer.from(String(at)), DAY_MS, 'one');
        stamps.push('version' in outcome ? outcome.version.hlc : 0);
      }
      expect(stamps).toEqual([...new Set(stamps)].sort((a, b) => a - b));
      const last = (await scene.engine.get(Buffer.from('by both'))) as ReadRecord;
      expect([last.version.hlc, Buffer.from(last.value).toString()]).toEqual([stamps[99], '99']);
    } finally {
      other.close();
    }
  });
});

describeWithRedis('each write of a turn', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.begin(() => undefined);
  });
  afterAll(() => scene.end());

  it('lives as long as it is to', async () => {
    const lives = [10_000, 60_000, 60_000, 10_000];
    await Promise.all(lives.map((ttlMs, at) => scene.put(`life-${at}`, 'v', ttlMs)));
    const records = await Promise.all(
      lives.map((_, at) => scene.engine.get(Buffer.from(`life-${at}`)) as Promise<ReadRecord>),
    );
    expect(records.map(({ ttlMs }) => ttlMs)).toEqual(lives);
    // In units of five seconds: clocks are known to a few milliseconds.
    const apart = records.map(({ deadlineMs }) => Math.round((deadlineMs - records[0].deadlineMs) / 5000));
    expect(apart.map(String)).toEqual(['0', '10', '10', '0']);
    const keptMs = lives.map((_, at) => Number(scene.server.call('PTTL', scene.valueName(`life-${at}`))));
    expect(keptMs.map((ms) => ms > 10_000)).toEqual([false, true, true, false]);
  });

  it('meets the others in its condition: of two that need nothing there, one is done', async () => {
    const write = (value: string): ReturnType<typeof scene.engine.putIf> =>
      scene.engine.putIf(Buffer.from('once'), Buffer.from(value), DAY_MS, 'one', (held) => held === null);
    const outcomes = await Promise.all([write('a'), write('b')]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['held', 'unmet']);
  });

  it('is done though the server refuses another', async () => {
    scene.server.call('RPUSH', scene.valueName('foreign'), 'a list that somebody else has made');
    const outcomes = await Promise.all(['before', 'foreign', 'behind'].map((key) => scene.put(key)));
    expect(kindsOf(outcomes)).toEqual(['held', 'away', 'held']);
    expect(await scene.read('behind')).toBe('v');
  });

  it('is done where the server has forgotten its scripts', async () => {
    scene.server.call('SCRIPT', 'FLUSH');
    const outcomes = await Promise.all(keysUpTo(10).map((key) => scene.put(key, 'again')));
    expect(new Set(kindsOf(outcomes))).toEqual(new Set(['held']));
    expect(await scene.read('key-9')).toBe('again');
  });
});

describeWithRedis('the figures of a bucket', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.begin(() => undefined);
  });
  afterAll(() => scene.end());

  it('follow values that grow, shrink and stay as long as they were', async () => {
    for (const value of ['12345', '123456789', '12', '34']) await scene.put('k', value);
    await scene.put('other', '123');
    await until(() => scene.engine.stats().valueBytes === 5, 'five bytes are counted');
    expect(scene.engine.stats().keys).toBe(2);
  });

  it('follow ends, however many more of them there are than one look tidies', async () => {
    const ends = keysUpTo(3000);
    await Promise.all(ends.map((key) => scene.put(key, 'v', 2500)));
    await until(() => scene.engine.stats().keys >= ends.length, 'all are counted');
    await until(() => scene.engine.stats().keys <= 2, 'all ends are tidied', 15_000);
  });
});

describeWithRedis('readers of changes', () => {
  it('are told of an end also where the server keeps the value a little longer', async () => {
    const scene = await Scene.begin(() => undefined);
    try {
      const heard: string[] = [];
      scene.engine.subscribe((changes) => heard.push(...changes.map(({ kind }) => kind)));
      await scene.put('k', 'v', 300);
      scene.server.call('PEXPIRE', scene.valueName('k'), '1500');
      await until(() => heard.includes('expire'), 'the end is told', 10_000);
      expect(heard).toEqual(['put', 'expire']);
    } finally {
      await scene.end();
    }
  });

  it('are told all that they missed, however many more changes there are than one look brings', async () => {
    const scene = await Scene.begin(() => undefined);
    try {
      await scene.put('before');
      await until(() => scene.engine.position() !== null, 'there is a position');
      const since = scene.engine.position();
      const keys = keysUpTo(3 * ENTRIES_PER_LOOK + 7);
      await Promise.all(keys.map((key) => scene.put(key)));
      const told: EngineChange[] = [];
      const take = (changes: readonly EngineChange[]): Promise<void> => {
        told.push(...changes);
        return Promise.resolve();
      };
      const asked = { since, prefix: 'key-', valueBytesMax: 0, client: 'one', began: () => undefined, take };
      expect(await scene.engine.catchUp(asked, new AbortController().signal)).toBe('caught-up');
      const named = told.flatMap((change) => (change.kind === 'unsure' ? [] : [change.key]));
      expect(named.sort()).toEqual([...keys].sort());
    } finally {
      await scene.end();
    }
  });

  it('are told that some are missing where the server has lost the stream', async () => {
    const scene = await Scene.begin(() => undefined);
    try {
      const unsubscribe = scene.engine.subscribe(() => undefined);
      await scene.put('k');
      await until(() => scene.engine.position() !== null, 'there is a position');
      const since = scene.engine.position();
      await scene.put('k', 'a change that will be lost');
      scene.server.call('DEL', scene.nameOf(2, 'k'));
      const [began, take] = [() => undefined, () => Promise.resolve()];
      const asked = { since, prefix: '', valueBytesMax: 0, client: 'one', began, take };
      expect(await scene.engine.catchUp(asked, new AbortController().signal)).toBe('position-too-old');
      unsubscribe();
    } finally {
      await scene.end();
    }
  });
});

describeWithRedis('a server that hangs', () => {
  it('has so many writes wait for it and no more', async () => {
    const scene = await Scene.begin(() => undefined);
    try {
      scene.server.signal('SIGSTOP');
      const keys = keysUpTo(16_384 + 5);
      const sent = keys.slice(0, 16_000).map((key) => scene.put(key));
      await nextTurn();
      await nextTurn();
      const outcomes = await Promise.all([...sent, ...keys.slice(16_000).map((key) => scene.put(key))]);
      const busy = kindsOf(outcomes).flatMap((kind, at) => (kind === 'busy' ? [at] : []));
      expect(busy).toEqual([16_384, 16_385, 16_386, 16_387, 16_388]);
      // Nobody knows what becomes of the others.
      expect(new Set(kindsOf(outcomes))).toEqual(new Set(['away', 'busy']));
    } finally {
      await scene.end();
    }
  });
});

describeWithRedis('the only server of a Cluster', () => {
  it('takes writes of all buckets where the address names it as one server', async () => {
    const slots = Array.from({ length: 16_384 }, (_, slot) => String(slot));
    const scene = await Scene.begin(
      (server) => {
        server.call('CLUSTER', 'ADDSLOTS', ...slots);
      },
      ...['--cluster-enabled', 'yes', '--cluster-port', String(await portRange(1))],
    );
    try {
      const outcomes = await Promise.all(keysUpTo(100).map((key) => scene.put(key)));
      expect(new Set(kindsOf(outcomes))).toEqual(new Set(['held']));
      expect(await Promise.all(keysUpTo(100).map((key) => scene.read(key)))).toEqual(
        keysUpTo(100).map(() => 'v'),
      );
    } finally {
      await scene.end();
    }
  });
});
