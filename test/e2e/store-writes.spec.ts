// What the servers of the values are asked to do for writes: several in one step, none of them at
// the cost of another.
// With servers of its own: it steers them.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PACK_WRITES_MAX } from '../../src/engines/redis/write-packs';
import type { PutOutcome, ReadRecord } from '../../src/runtime/data-engine';
import { until } from '../support/basics/until';
import { openTestStore } from '../support/redis/store-engine';
import { DAY_MS, keysUpTo, StoreScene } from '../support/redis/store-scene';
import { describeWithRedis } from '../support/redis/with-redis';

const kindsOf = (outcomes: readonly PutOutcome[]): string[] => outcomes.map(({ kind }) => kind);

describeWithRedis('writes of one turn', () => {
  let scene: StoreScene;
  beforeAll(async () => {
    scene = await StoreScene.begin();
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
  let scene: StoreScene;
  beforeAll(async () => {
    scene = await StoreScene.begin();
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
  let scene: StoreScene;
  beforeAll(async () => {
    scene = await StoreScene.begin();
  });
  afterAll(() => scene.end());

  it('follow values that grow, shrink and stay as long as they were', async () => {
    for (const value of ['12345', '123456789', '12', '34']) await scene.put('k', value);
    await scene.put('other', '123');
    await until(() => scene.engine.stats().valueBytes === 5, 'five bytes are counted');
    expect(scene.engine.stats().keys).toBe(2);
  });

  it('count a key once that is written several times in one turn', async () => {
    const values = ['12345', '1', '123'];
    await Promise.all(values.map((value) => scene.put('k', value, 1500)));
    await until(() => scene.engine.stats().valueBytes === 3 + 3, 'the last value is counted');
    expect(scene.engine.stats().keys).toBe(2);
    expect(Number(scene.server.call('ZCARD', scene.nameOf(1, 'k')))).toBe(2);
    await until(() => scene.engine.stats().keys === 1, 'its end is tidied');
    expect(scene.engine.stats().valueBytes).toBe(3);
  });

  it('follow ends, however many more of them there are than one look tidies', async () => {
    const ends = keysUpTo(3000);
    await Promise.all(ends.map((key) => scene.put(key, 'v', 2500)));
    await until(() => scene.engine.stats().keys >= ends.length, 'all are counted');
    await until(() => scene.engine.stats().keys <= 1, 'all ends are tidied', 15_000);
  });
});

describeWithRedis('a server that hangs', () => {
  it('has so many writes wait for it and no more', async () => {
    const scene = await StoreScene.begin();
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
    const scene = await StoreScene.ofCluster(false);
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
