import { ENCODINGS, preferredEncoding } from './accept-encoding';

it.each([
  [undefined, null],
  ['', null],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate', 'gzip'],
  ['GZip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', null],
  ['*', 'br'],
  ['*;q=0.5, br;q=0', 'gzip'],
  ['gzip;q=1.0, br;q=0.8', 'gzip'],
  ['br;q=0, gzip;q=0', null],
  ['br;q=0.001', 'br'],
  ['br ; q = 0.7 , gzip;q=0.9', 'gzip'],
  ['br;q=0.5, identity', null],
  ['br, identity;q=0.5', 'br'],
  ['identity;q=0', null],
  ['br;q=2, gzip', 'gzip'],
  ['br;q=much, gzip;q=0.1', 'gzip'],
  ['gzip;level=9', 'gzip'],
])('to who accepts %j goes %s', (header, encoding) => {
  expect(preferredEncoding(header, ENCODINGS)).toBe(encoding);
});

it('never goes what is not kept', () => {
  expect(preferredEncoding('br, gzip;q=0.5', ['gzip'])).toBe('gzip');
  expect(preferredEncoding('br, gzip', [])).toBeNull();
});
