import fc from 'fast-check';
import { parseWithin } from './bounded-json';

const BOUNDS = { unitsMax: 1000, depthMax: 4, valuesMax: 20 };

describe('JSON from strangers', () => {
  it.each(['[]', '{"a":[1,{"b":"]]]]]{{{{{"}]}', '"x\\"[[[[[["', ' 7 ', `"${'x'.repeat(990)}"`, '[1,2,3]'])(
    'is parsed within the bounds: %s',
    (text) => {
      expect(parseWithin(text, BOUNDS)).toEqual(JSON.parse(text));
    },
  );

  it.each([
    ['nested too deeply', '[[[[[1]]]]]'],
    ['of too many items', `[${'1,'.repeat(20)}1]`],
    ['of too many members', `{${Array.from({ length: 11 }, (_, i) => `"k${i}":1`).join(',')}}`],
    ['of too many empty lists', `[${'[],'.repeat(10)}1]`],
    ['too long', `"${'x'.repeat(1000)}"`],
    ['without end', '['.repeat(1000)],
    ['that is none', '<html>'],
    ['that is none', '"unfinished \\'],
    ['that is none', ''],
  ])('is not parsed when it is %s', (_what, text) => {
    const parse = jest.spyOn(JSON, 'parse');
    expect(parseWithin(text, BOUNDS)).toBeUndefined();
    expect(parse.mock.calls.length).toBe(_what === 'that is none' ? 1 : 0);
  });

  it('is never misjudged: whatever has few values and levels is parsed as it is', () => {
    const wide = { unitsMax: 1e6, depthMax: 1e6, valuesMax: 1e6 };
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(parseWithin(text, wide)).toEqual(JSON.parse(text));
      }),
    );
  });
});
