import { countdown, inWords, remainingMs, shareLeft } from './lifetime';

it.each([
  [0, { figure: '0', unit: 'seconds' }],
  [1, { figure: '1', unit: 'second' }],
  [59_001, { figure: '1:00', unit: 'minutes' }],
  [3_599_000, { figure: '59:59', unit: 'minutes' }],
  [86_340_000, { figure: '23:59', unit: 'hours' }],
])('%d ms are counted down as %j', (leftMs, shown) => {
  expect(countdown(leftMs)).toEqual(shown);
});

it.each([
  [1, '1 second'],
  [90, '90 seconds'],
  [300, '5 minutes'],
  [3600, '1 hour'],
  [5400, '1 hour 30 minutes'],
])('%d s are called %s', (seconds, words) => {
  expect(inWords(seconds)).toBe(words);
});

it.each([
  ['a clock that agrees refines the whole seconds', 1_000_000 + 60_000 - 42_500, 42_500],
  ['a clock that is late is overruled', 1_000_000 - 500_000, 42_999],
  ['a clock that is ahead is overruled', 1_000_000 + 500_000, 41_980],
])('%s', (_title, wallMs, leftMs) => {
  const told = { remainingSeconds: 42, createdAtMs: 1_000_000, ttlSeconds: 60, roundTripMs: 20 };
  expect(remainingMs(told, wallMs)).toBe(leftMs);
});

it('counts the shortest that is possible when no time of writing is told', () => {
  const told = { remainingSeconds: 42, createdAtMs: NaN, ttlSeconds: 60, roundTripMs: 20 };
  expect(remainingMs(told, 1)).toBe(41_980);
});

it.each([
  [30_000, 60, 0.5],
  [90_000, 60, 1],
  [-5, 60, 0],
  [5, 0, 0],
])('%d ms of %d s are the share %d', (leftMs, ttlSeconds, share) => {
  expect(shareLeft(leftMs, ttlSeconds)).toBe(share);
});
