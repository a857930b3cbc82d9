import fc from 'fast-check';
import { BrokenText, parameterReader, parseQuery, readParameters, unknownParameter } from './query-string';

it('decodes names and values, with + as a space', () => {
  expect({ ...parseQuery('a=1&b=x%20y+z&c&=no&%61%62=2&d=') }).toEqual({
    a: '1',
    b: 'x y z',
    c: '',
    '': 'no',
    ab: '2',
    d: '',
  });
});

it('shows repeated and undecodable values as what they are', () => {
  expect({ ...parseQuery('a=1&a=%FF&a=3&b=%ZZ') }).toEqual({
    a: ['1', new BrokenText('%FF'), '3'],
    b: new BrokenText('%ZZ'),
  });
});

it('is not fooled by names of Object.prototype', () => {
  expect({ ...parseQuery('toString=1&__proto__=2') }).toMatchObject({ toString: '1' });
});

const TAKEN = ['ttl', 'w'] as const;

it.each([
  ['', {}],
  ['&', {}],
  ['ttl=5', { ttl: '5' }],
  ['w=all&ttl=5', { w: 'all', ttl: '5' }],
  ['ttl', { ttl: '' }],
  ['ttl=', { ttl: '' }],
  ['ttl=%35', { ttl: '5' }],
  ['t%74l=5', { ttl: '5' }],
  ['ttl=%ZZ', { ttl: '%ZZ' }],
  ['ttl=a=b', { ttl: 'a=b' }],
])('reads the parameters of %j as %j', (query, values) => {
  const reading = readParameters(query, TAKEN);
  expect(reading.kind === 'parameters' && { ...reading.values }).toEqual(values);
});

it.each([
  ['tll=5', '"tll"', 'ttl'],
  ['ttl=5&ww=1', '"ww"', 'w'],
  ['TTL=5', '"TTL"', 'ttl'],
  ['%ZZ=1', '"%ZZ"', 'ttl'],
  ['=5', '""', 'w'],
  ['__proto__=5', '"__proto__"', 'ttl'],
])(
  'refuses %j, which names what it does not take, and tells the nearest it does',
  (query, given, nearest) => {
    const reading = readParameters(query, TAKEN);
    const problem = reading.kind === 'invalid' ? reading.problem : '';
    expect(problem).toContain(given);
    expect(problem).toContain(`did you mean ${nearest}? Allowed: ttl, w.`);
  },
);

it.each([
  ['ttl=5&ttl=5', '"5" and "5"'],
  ['w=1&ttl=5&t%74l=6', '"5" and "6"'],
  ['ttl&ttl=%zz', '"" and "%zz"'],
])('refuses %j, which names one twice, as %s', (query, given) => {
  const problem = `ttl was given more than once, as ${given}.`;
  expect(readParameters(query, TAKEN)).toEqual({ kind: 'invalid', problem });
});

it('shows a name cut short, and says where none is taken', () => {
  expect(unknownParameter('n'.repeat(10_000), [])).toBe(
    `This path takes no parameters (given: "${'n'.repeat(40)}").`,
  );
});

describe('any query', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(...'ab=&%+ttl/?#0FfZ\u00e9\u20ac'.split('')), maxLength: 40 }),
  );

  it('is read without throwing, and tells the same with all parameters as with those of a route', () => {
    fc.assert(
      fc.property(anything, (query) => {
        const all = parseQuery(query);
        const reading = readParameters(query, Object.keys(all));
        const isDoubled = Object.values(all).some(Array.isArray);
        expect(reading.kind).toBe(isDoubled ? 'invalid' : 'parameters');
        if (reading.kind === 'invalid') return;
        for (const [name, value] of Object.entries(all)) {
          if (!(value instanceof BrokenText)) expect(reading.values[name]).toBe(value);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is read by itself, whatever was read before', () => {
    const read = parameterReader(TAKEN);
    for (const query of ['ttl=1', 'ttl=2', 'ttl=2', '', 'ttl=2', 'tll=2', 'ttl=1'])
      expect(read(query)).toEqual(readParameters(query, TAKEN));
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
