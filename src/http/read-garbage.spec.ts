import { ReadGarbage, youngCollection } from './read-garbage';

const MB = 1_048_576;

describe('what bodies were read into', () => {
  it('is collected after every four megabytes read, however they come', () => {
    let collections = 0;
    const garbage = new ReadGarbage(() => (collections += 1));
    for (let read = 0; read < 40 * MB; read += 65_536) garbage.read(65_536);
    expect(collections).toBe(10);
    garbage.read(9 * MB);
    expect(collections).toBe(11);
    garbage.read(4 * MB - 1);
    expect(collections).toBe(11);
  });

  it('is left to V8 in a process without --expose-gc', () => {
    expect(youngCollection(undefined)).toBeNull();
    expect(() => new ReadGarbage(null).read(64 * MB)).not.toThrow();
  });

  it('is collected as young garbage, not with the whole heap', () => {
    const asked: unknown[] = [];
    const gc = ((options: unknown) => asked.push(options)) as unknown as NodeJS.GCFunction;
    youngCollection(gc)?.();
    expect(asked).toEqual([{ type: 'minor' }]);
  });
});
