import { RowPlaces, type Part } from './row-places';

const tens = (many: number): RowPlaces => new RowPlaces(Array.from({ length: many }, () => 10));

/** `0 ..40 5 6`: rows by their index, spaces by their height. */
const words = (parts: readonly Part[]): string =>
  parts.map((part) => (part.kind === 'row' ? part.index : `..${part.heightPx}`)).join(' ');

it('knows which row lies at a height, the ends for what is beyond them', () => {
  const places = new RowPlaces([10, 30, 5]);
  expect([-5, 0, 9, 10, 39, 40, 44, 99].map((px) => places.at(px))).toEqual([0, 0, 0, 1, 1, 2, 2, 2]);
  expect([places.topOf(0), places.topOf(2), places.topOf(3)]).toEqual([0, 40, 45]);
});

it('draws whole steps of rows around the view', () => {
  expect(tens(100).between(35, 61)).toEqual({ first: 2, end: 8 });
  expect(tens(100).between(-50, 5)).toEqual({ first: 0, end: 2 });
  expect(tens(7).between(60, 500)).toEqual({ first: 6, end: 7 });
});

it('draws none while the list is out of view', () => {
  expect(tens(100).between(-90, -10)).toEqual({ first: 0, end: 0 });
  expect(tens(100).between(1010, 1200)).toEqual({ first: 0, end: 0 });
});

it('puts a space in place of rows that are not drawn, so that the list is as long as with them', () => {
  const parts = tens(100).parts({ first: 40, end: 43 }, [0, 99]);
  expect(words(parts)).toBe('0 ..390 40 41 42 ..560 99');
});

it('draws a kept row once, wherever it lies, and none that is not there', () => {
  expect(words(tens(10).parts({ first: 2, end: 4 }, [3, 4, 7, -1, 10]))).toBe('..20 2 3 4 ..20 7 ..20');
  expect(words(tens(0).parts({ first: 0, end: 0 }, [0, -1]))).toBe('');
});
