import { collectorOf, ReadGarbage } from './read-garbage';

const MB = 1_048_576;

describe('what bodies and frames were read into', () => {
  it('is collected after every four megabytes, and every fourth time the whole heap is', () => {
    const asked: string[] = [];
    const garbage = new ReadGarbage({ young: () => asked.push('young'), whole: () => asked.push('whole') });
    for (let read = 0; read < 20 * MB; read += 65_536) garbage.read(65_536);
    expect(asked).toEqual(['young', 'young', 'young', 'whole', 'young']);
  });

  it('is collected once for a piece of any size, and not a byte too early', () => {
    let collections = 0;
    const count = (): number => (collections += 1);
    const garbage = new ReadGarbage({ young: count, whole: count });
    garbage.read(9 * MB);
    expect(collections).toBe(1);
    garbage.read(4 * MB - 1);
    expect(collections).toBe(1);
    garbage.read(1);
    expect(collections).toBe(2);
  });

  it('is left to V8 in a process without --expose-gc', () => {
    expect(collectorOf(undefined)).toBeNull();
    expect(() => new ReadGarbage(null).read(64 * MB)).not.toThrow();
  });

  it('is collected by what V8 calls minor and major', () => {
    const asked: unknown[] = [];
    const gc = ((options: unknown) => asked.push(options)) as unknown as NodeJS.GCFunction;
    const collector = collectorOf(gc);
    collector?.young();
    collector?.whole();
    expect(asked).toEqual([{ type: 'minor' }, { type: 'major' }]);
  });
});
