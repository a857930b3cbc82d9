// What readers of changes are told where servers hold the values, whatever becomes of the streams.
// With servers of its own: it steers them.
import { CLUSTER_BUCKETS, logEntries } from '../../src/engines/redis/buckets';
import { CHANGES_PER_LOOK } from '../../src/engines/redis/tails';
import type { EngineChange } from '../../src/runtime/data-engine';
import { until } from '../support/basics/until';
import { DAY_MS, keysUpTo, StoreScene } from '../support/redis/store-scene';
import { describeWithRedis } from '../support/redis/with-redis';

describeWithRedis('readers of changes', () => {
  it('are told of an end also where the server keeps the value a little longer', async () => {
    const scene = await StoreScene.begin();
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
    const scene = await StoreScene.begin();
    try {
      await scene.put('before');
      await until(() => scene.engine.position() !== null, 'there is a position');
      const since = scene.engine.position();
      const keys = keysUpTo(3 * CHANGES_PER_LOOK + 7);
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
});

describeWithRedis('readers of a stream that was written while the clock was days ahead', () => {
  let scene: StoreScene;
  const heard: string[] = [];
  const hear = (changes: readonly EngineChange[]): void => {
    heard.push(...changes.flatMap((change) => (change.kind === 'unsure' ? [change.kind] : [change.key])));
  };
  beforeAll(async () => {
    scene = await StoreScene.begin();
    scene.engine.subscribe(hear);
    await scene.put('before');
    await until(() => heard.includes('before'), 'the reader hears');
    scene.aheadInStream('before', 2 * DAY_MS);
  });
  afterAll(() => scene.end());

  it('are told at once what is written since, each change once', async () => {
    for (const key of ['a', 'b', 'c']) {
      await scene.put(key);
      await until(() => heard.includes(key), 'the reader hears of it');
    }
    const later: string[] = [];
    scene.engine.subscribe((changes) => later.push(...changes.map(({ kind }) => kind)));
    await scene.put('d');
    await until(() => heard.includes('d') && later.includes('put'), 'both readers hear of it');
    // "before" was copied to where the clock was, and is no change for that.
    expect(heard).toEqual(['before', 'a', 'b', 'c', 'd']);
  });

  it('go on from where they were', async () => {
    const since = scene.engine.position();
    await scene.put('e');
    await until(() => heard.includes('e'), 'the reader hears of it');
    expect(await scene.catchUp(since)).toBe('caught-up');
  });
});

describeWithRedis('readers who go on', () => {
  it('are told that some are missing where the stream remembers so many and no more', async () => {
    const scene = await StoreScene.ofCluster();
    try {
      const unsubscribe = scene.engine.subscribe(() => undefined);
      await scene.put('k');
      await until(() => scene.engine.position() !== null, 'there is a position');
      const positions = [scene.engine.position()];
      const remembered = logEntries(CLUSTER_BUCKETS);
      for (let at = 0; at < 2 * remembered; at += 32)
        await Promise.all(keysUpTo(32).map(() => scene.put('k')));
      const kept = scene.changesKept('k');
      expect(kept).toBeGreaterThanOrEqual(remembered);
      expect(kept).toBeLessThan(1.2 * remembered);
      await scene.put('k', 'the last');
      positions.push(scene.engine.position());
      const outcomes = positions.map((since) => scene.catchUp(since));
      expect(await Promise.all(outcomes)).toEqual(['position-too-old', 'caught-up']);
      unsubscribe();
    } finally {
      await scene.end();
    }
  });
});

describeWithRedis('readers of a stream that has lost changes', () => {
  it('are told that some may be lost where a failover has lost the end of the stream', async () => {
    const scene = await StoreScene.begin();
    try {
      const heard: string[] = [];
      scene.engine.subscribe((changes) => {
        heard.push(...changes.map((change) => (change.kind === 'unsure' ? 'unsure' : change.key)));
      });
      await scene.put('kept');
      await scene.put('lost');
      await until(() => heard.includes('lost'), 'the reader hears of it');
      const since = scene.engine.position();
      scene.loseLast('lost');
      await scene.put('next');
      await until(() => heard.includes('next'), 'the reader hears of the next');
      expect(heard).toEqual(['kept', 'lost', 'unsure', 'next']);
      expect(await scene.catchUp(since)).toBe('position-too-old');
      const later = scene.engine.position();
      await until(() => scene.engine.position() !== later, 'the position goes on');
      expect(await scene.catchUp(scene.engine.position())).toBe('caught-up');
    } finally {
      await scene.end();
    }
  });

  it('are told that some are missing where the server has lost the stream', async () => {
    const scene = await StoreScene.begin();
    try {
      const unsubscribe = scene.engine.subscribe(() => undefined);
      await scene.put('k');
      await until(() => scene.engine.position() !== null, 'there is a position');
      const since = scene.engine.position();
      await scene.put('k', 'a change that will be lost');
      scene.server.call('DEL', scene.nameOf(2, 'k'));
      expect(await scene.catchUp(since)).toBe('position-too-old');
      const later = scene.engine.position();
      await scene.put('k', 'a change behind the lost ones');
      expect(await scene.catchUp(since)).toBe('position-too-old');
      await until(() => scene.engine.position() !== later, 'the position goes on');
      expect(await scene.catchUp(scene.engine.position())).toBe('caught-up');
      unsubscribe();
    } finally {
      await scene.end();
    }
  });
});
