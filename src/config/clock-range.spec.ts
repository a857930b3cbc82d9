import { WALL_MS_MAX } from '../core/base/bounds';
import { CLOCK_MS_MAX, clockProblem } from './clock-range';

describe('the range of the system clock', () => {
  it('is that of the stamps', () => {
    expect(CLOCK_MS_MAX).toBe(WALL_MS_MAX);
  });

  it.each([0, 1_800_000_000_000, CLOCK_MS_MAX - 1])('has %i', (wallMs) => {
    expect(clockProblem(wallMs)).toBeNull();
  });

  it.each<[number, string]>([
    [CLOCK_MS_MAX, '2109-05-15T07:35:11.104Z'],
    [Date.UTC(2150, 0, 1), '2150-01-01T00:00:00.000Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
    [9e15, '9000000000000000 ms since 1970'],
  ])('lacks %i, and says what the clock shows and what it may show', (wallMs, shown) => {
    const problem = clockProblem(wallMs);
    expect(problem).toContain(`shows ${shown}, `);
    expect(problem).toContain('from 1970-01-01T00:00:00.000Z to 2109-05-15T07:35:11.104Z.');
  });
});
