import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '../../test/support/basics/until';
import { collectorOf, ReadGarbage } from './read-garbage';

const MB = 1_048_576;

describe('what bodies and frames were read into', () => {
  it('is collected after every four megabytes, and where memory is short every fourth time all is', () => {
    for (const [isShort, fourth] of [
      [true, 'whole'],
      [false, 'young'],
    ] as const) {
      const asked: string[] = [];
      const collector = { young: () => asked.push('young'), whole: () => asked.push('whole') };
      const garbage = new ReadGarbage(collector, () => isShort);
      for (let read = 0; read < 20 * MB; read += 65_536) garbage.read(65_536);
      expect(asked).toEqual(['young', 'young', 'young', fourth, 'young']);
    }
  });

  it('is collected as soon as memory becomes short, and then not for a while', () => {
    const asked: string[] = [];
    const collector = { young: () => asked.push('young'), whole: () => asked.push('whole') };
    let isShort = false;
    const garbage = new ReadGarbage(collector, () => isShort);
    for (let i = 0; i < 6; i += 1) garbage.read(4 * MB);
    isShort = true;
    for (let i = 0; i < 3; i += 1) garbage.read(4 * MB);
    expect(asked.slice(6)).toEqual(['whole', 'young', 'young']);
  });

  it('is collected once for a piece of any size, and not a byte too early', () => {
    let collections = 0;
    const count = (): number => (collections += 1);
    const garbage = new ReadGarbage({ young: count, whole: count }, () => true);
    garbage.read(9 * MB);
    expect(collections).toBe(1);
    garbage.read(4 * MB - 1);
    expect(collections).toBe(1);
    garbage.read(1);
    expect(collections).toBe(2);
  });

  it('is left to V8 in a process without --expose-gc', () => {
    expect(collectorOf(undefined)).toBeNull();
    expect(() => new ReadGarbage(null, () => true).read(64 * MB)).not.toThrow();
  });

  it('is collected by V8 itself: what is old by whole collections, and not by a young one', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as NodeJS.GCFunction;
    const collector = collectorOf(gc);
    let old: Uint8Array | null = new Uint8Array(32 * MB);
    gc();
    gc();
    const held = (): number => process.memoryUsage().arrayBuffers;
    const before = held();
    expect(old).toHaveLength(32 * MB);
    old = null;
    collector?.young();
    // Other buffers of the process may go meanwhile.
    expect(held()).toBeGreaterThan(before - 24 * MB);
    // A thread of its own gives buffers back, and an expectation may hold on to one for a moment.
    await until(() => {
      collector?.whole();
      return held() < before - 24 * MB;
    }, 'whole collections to give the old buffer back');
  });
});
