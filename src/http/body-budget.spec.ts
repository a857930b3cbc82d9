import { BodyBudget, bodyBudgetBytes } from './body-budget';

it('takes what fits, refuses what does not, and takes it once something was given back', () => {
  const budget = new BodyBudget(100);
  expect(budget.take(60)).toBe(true);
  expect(budget.take(41)).toBe(false);
  expect(budget.take(40)).toBe(true);
  budget.give(60);
  expect(budget.used()).toBe(40);
  expect(budget.take(60)).toBe(true);
});

it.each([
  [800, 10, 100],
  [80, 10, 20],
])('a store of %d bytes with values of %d has a budget of %d', (store, value, budget) => {
  expect(bodyBudgetBytes(store, value)).toBe(budget);
});
