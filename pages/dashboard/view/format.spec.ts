import { bytes, count, duration, listed, offset, rate, several, share, span } from './format';
import { rangeOf } from './plot-options';
import { cut, shortName } from './words';

it.each([
  [bytes(0), '0 B'],
  [bytes(1536), '1.5 KiB'],
  [bytes(4_998_561_792), '4.66 GiB'],
  [count(999), '999'],
  [count(12_345), '12.3k'],
  [rate(1_000_000), '1M/s'],
  [duration(null), '–'],
  [duration(0.412), '0.41 ms'],
  [duration(1500), '1.5 s'],
  [offset(-3.26), '−3.26 ms'],
  [offset(0.001), '0 ms'],
  [offset(null), '–'],
  [span(400), 'now'],
  [span(12_000), '12 s'],
  [span(3_600_000 * 3), '3 h'],
  [span(86_400_000 * 5), '5 d'],
  [share(0, 100), '0 %'],
  [share(1, 1000), '<1 %'],
  [share(999, 1000), '99 %'],
  [share(1000, 1000), '100 %'],
  [share(5, 0), '0 %'],
  [several(1, 'node'), '1 node'],
  [several(2, 'node'), '2 nodes'],
  [listed(['a', 'b', 'c']), 'a, b and c'],
  [listed(['a', 'b', 'c', 'd']), 'a, b and 2 more'],
  [shortName('flux-node-17', 8081), '17'],
  [shortName('', 8081), '81'],
  [cut('flux-node-17', 8), '…node-17'],
])('writes %j as %j', (written, wanted) => {
  expect(written).toBe(wanted);
});

it.each([
  [null, null, 1000, [0, 1]],
  [0, 0, 1000, [0, 1]],
  [5, 97, 1000, [0, 150]],
  [0, 3, 1000, [0, 3.5]],
  [0, 80 * 1024 * 1024, 1024, [0, 90 * 1024 * 1024]],
  [-2, 0.5, 1000, [-2.5, 0.55]],
] as const)('scales a plot of %j to %j (base %j) to %j', (low, high, base, wanted) => {
  expect(rangeOf(low, high, base).map((edge) => Math.round(edge * 1e6) / 1e6)).toEqual(wanted);
});
