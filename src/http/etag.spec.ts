import { matchesEtag } from './etag';

it.each([
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['*', true],
  ['"b"', false],
  ['a', false],
  ['', false],
  [undefined, false],
])('If-None-Match: %s against "a" gives %s', (header, matches) => {
  expect(matchesEtag(header, '"a"')).toBe(matches);
});
