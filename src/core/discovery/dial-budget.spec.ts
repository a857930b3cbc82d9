import { DialBudget } from './dial-budget';

describe('a dial budget', () => {
  it('gives its burst at once and then so many a second, never more after a long time', () => {
    const budget = new DialBudget({ perSecond: 10, burst: 3 }, 0);
    const takenAt = (nowMs: number): number => {
      let count = 0;
      while (budget.take(1, nowMs)) count += 1;
      return count;
    };
    expect([0, 50, 100, 150, 200, 1_000_000].map(takenAt)).toEqual([3, 0, 1, 0, 1, 3]);
  });

  it('takes several or none, and says when they will be there', () => {
    const budget = new DialBudget({ perSecond: 10, burst: 5 }, 0);
    expect([budget.take(3, 0), budget.take(3, 0), budget.take(2, 0)]).toEqual([true, false, true]);
    expect(budget.nextAtMs(3, 0)).toBe(300);
    expect([budget.take(3, 299), budget.take(3, 300)]).toEqual([false, true]);
  });

  it('has no more to give when time stands still or goes back', () => {
    const budget = new DialBudget({ perSecond: 10, burst: 1 }, 1000);
    expect(budget.take(1, 1000)).toBe(true);
    expect([budget.take(1, 0), budget.take(1, 1000), budget.take(1, 1100)]).toEqual([false, false, true]);
  });
});
