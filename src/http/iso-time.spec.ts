import fc from 'fast-check';
import { isoTime } from './iso-time';

const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

it('says what Date says, of any instant and in any order of days', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: LAST_MS, noNaN: true }), (ms) => {
      expect(isoTime(ms)).toBe(new Date(ms).toISOString());
    }),
  );
});

it.each([
  [0, '1970-01-01T00:00:00.000Z'],
  [Date.UTC(2028, 1, 29, 23, 59, 59, 999), '2028-02-29T23:59:59.999Z'],
  [Date.UTC(2028, 2, 1), '2028-03-01T00:00:00.000Z'],
])('knows the edges of days: %s', (ms, text) => {
  expect(isoTime(ms)).toBe(text);
});
