import fc from 'fast-check';
import { entry } from '../../../test/support/core/records';
import { BUCKET_MS, DeadlineWheel } from './deadline-wheel';
import type { Entry } from './entry';

function drain(wheel: DeadlineWheel, nowMs: number): Entry[] {
  const due: Entry[] = [];
  for (let next = wheel.due(nowMs); next !== null; next = wheel.due(nowMs)) {
    wheel.remove(next);
    due.push(next);
  }
  return due;
}

describe('the deadline wheel', () => {
  it('gives out exactly the entries whose bucket has ended, whatever was removed before', () => {
    const deadlines = fc.array(fc.record({ atMs: fc.nat(5000), removed: fc.boolean() }), { maxLength: 80 });
    fc.assert(
      fc.property(deadlines, fc.nat(6000), (items, nowMs) => {
        const wheel = new DeadlineWheel();
        const entries = items.map(({ atMs }) => entry({ wheelAtMs: atMs }));
        entries.forEach((each, i) => {
          wheel.add(each, items[i].atMs);
        });
        entries.forEach((each, i) => {
          if (items[i].removed) wheel.remove(each);
        });
        const ended = (atMs: number): boolean => (Math.floor(atMs / BUCKET_MS) + 1) * BUCKET_MS <= nowMs;
        const expected = entries.filter((_, i) => !items[i].removed && ended(items[i].atMs));
        expect(new Set(drain(wheel, nowMs))).toEqual(new Set(expected));
      }),
    );
  });

  it('names a next deadline that is never late', () => {
    const wheel = new DeadlineWheel();
    expect(wheel.nextDeadlineMs()).toBe(Infinity);
    wheel.add(entry(), 1000);
    wheel.add(entry(), 100);
    expect(wheel.nextDeadlineMs()).toBeLessThanOrEqual(100 + BUCKET_MS);
    expect(wheel.nextDeadlineMs()).toBeGreaterThan(100);
  });
});
