import { signal } from '@preact/signals';
import type { Row } from './board';
import { RowHeights } from './row-heights';

const row = (text: string): Row => ({
  message: {
    key: 'k',
    version: '1',
    content: { text, author: '', location: '', foreign: false, cut: false },
    postedAtMs: 0,
    ttlSeconds: 60,
  },
  deadlineMs: 0,
  isOver: signal(false),
  isUnfolded: signal(false),
  cameAtMs: 0,
});

const DESK = { widthPx: 620, remPx: 16 };
const PHONE = { widthPx: 340, remPx: 16 };

let heights: RowHeights;
beforeEach(() => {
  heights = new RowHeights();
  heights.laidOut(DESK);
});

it('expects of a row what its text takes, more where the list is narrow', () => {
  const [short, long] = [row('one line'), row('some words '.repeat(20))];
  expect(heights.of(short)).toBeCloseTo(130, 0);
  const wide = heights.of(long);
  heights.laidOut(PHONE);
  expect(heights.of(short)).toBeCloseTo(130, 0);
  expect(heights.of(long)).toBeGreaterThan(wide + 60);
});

it('expects a folded row of a text that is folded', () => {
  expect(heights.of(row('x'.repeat(601)))).toBeLessThan(heights.of(row('x'.repeat(599))) + 30);
  expect(heights.of(row('x\n'.repeat(500)))).toBe(heights.of(row('x'.repeat(601))));
});

it('takes what was measured, says whether that is news, and forgets it in another layout', () => {
  const one = row('one line');
  expect([heights.measure(one, 200), heights.measure(one, 200.2), heights.of(one)]).toEqual([
    true,
    false,
    200,
  ]);
  expect([heights.laidOut(DESK), heights.of(one)]).toEqual([false, 200]);
  expect(heights.laidOut(PHONE)).toBe(true);
  expect(heights.of(one)).toBeCloseTo(130, 0);
});
