import { Dials } from './dials';

/** A dial that ends at once. */
function dial(dials: Dials, place: string, atMs: number): boolean {
  const isBegun = dials.begin(place, atMs);
  if (isBegun) dials.ended(place);
  return isBegun;
}

describe('dials', () => {
  it('of one place are eight in any second at most, and of another as many', () => {
    const dials = new Dials();
    const begun = (place: string, fromMs: number): number[] =>
      Array.from({ length: 30 }, (_, i) => fromMs + 100 * i).filter((atMs) => dial(dials, place, atMs));
    const times = begun('a', 0);
    expect(times.slice(0, 9)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 1000]);
    for (const [at, ms] of times.entries())
      expect(times[at + 8] ?? Infinity).toBeGreaterThanOrEqual(ms + 1000);
    expect(begun('b', 0)).toHaveLength(times.length);
  });

  it('of one place are under way one at a time, and one that never ends is given up', () => {
    const dials = new Dials();
    expect(dials.begin('a', 0)).toBe(true);
    expect(dials.begin('a', 11_000)).toBe(false);
    expect(dials.begin('a', 12_000)).toBe(true);
    dials.ended('a');
    expect(dials.begin('a', 12_001)).toBe(true);
  });

  it('are remembered of a bounded number of places', () => {
    const dials = new Dials();
    for (let count = 0; count < 8; count += 1) dial(dials, 'first', 0);
    expect(dial(dials, 'first', 1)).toBe(false);
    for (let place = 0; place < 5000; place += 1) dial(dials, String(place), 2);
    expect(dial(dials, 'first', 3)).toBe(true);
  });
});
