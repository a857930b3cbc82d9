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
