import fc from 'fast-check';
import { parseQuery, queryParameter } from './query-string';

it('decodes names and values, with + as a space', () => {
  expect({ ...parseQuery('a=1&b=x%20y+z&c&=no&%61%62=2&d=') }).toEqual({
    a: '1',
    b: 'x y z',
    c: '',
    ab: '2',
    d: '',
  });
});

it('shows repeated and undecodable values as what they are', () => {
  expect({ ...parseQuery('a=1&a=%FF&a=3&b=%ZZ') }).toEqual({ a: ['1', null, '3'], b: null });
});

it('is not fooled by names of Object.prototype', () => {
  expect({ ...parseQuery('toString=1&__proto__=2') }).toMatchObject({ toString: '1' });
});

it.each([
  ['ttl=5', '5'],
  ['a=b&ttl=5', '5'],
  ['ttl=5&ttl=6', '5'],
  ['ttl', ''],
  ['ttl=', ''],
  ['ttl=%35', '5'],
  ['ttl=%ZZ', '%ZZ'],
  ['ttlx=5', undefined],
  ['xttl=5', undefined],
  ['', undefined],
])('reads ttl from %j as %j', (query, value) => {
  expect(queryParameter(query, 'ttl')).toBe(value);
});

describe('any query', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(...'ab=&%+ttl/?#0FfZ\u00e9\u20ac'.split('')), maxLength: 40 }),
  );

  it('is read without throwing, and tells the same one parameter at a time', () => {
    fc.assert(
      fc.property(anything, (query) => {
        const all = parseQuery(query);
        const seen = new Set(['']);
        for (const pair of query.split('&')) {
          const [name] = pair.split('=', 1);
          if (seen.has(name) || /[%+]/.test(name)) continue;
          seen.add(name);
          const [first] = [all[name]].flat();
          expect(queryParameter(query, name)).toBe(first ?? pair.slice(name.length + 1));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('that a browser wrote is read as it was meant', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(text.filter(Boolean), text), { selector: ([name]) => name }),
        (pairs) => {
          const query = new URLSearchParams(pairs).toString();
          expect(Object.entries(parseQuery(query)).sort()).toEqual([...pairs].sort());
        },
      ),
    );
  });
});
