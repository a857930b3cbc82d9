import { DialPace } from './dial-pace';

describe('the pace of dials', () => {
  it('lets a place be dialled eight times in any second, and another as often', () => {
    const pace = new DialPace();
    const allowed = (place: string, fromMs: number): number[] =>
      Array.from({ length: 30 }, (_, i) => fromMs + 100 * i).filter((atMs) => pace.allows(place, atMs));
    const times = allowed('a', 0);
    expect(times.slice(0, 9)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 1000]);
    for (const [at, ms] of times.entries())
      expect(times[at + 8] ?? Infinity).toBeGreaterThanOrEqual(ms + 1000);
    expect(allowed('b', 0)).toHaveLength(times.length);
  });

  it('remembers a bounded number of places', () => {
    const pace = new DialPace();
    for (let dial = 0; dial < 8; dial += 1) pace.allows('first', 0);
    expect(pace.allows('first', 1)).toBe(false);
    for (let place = 0; place < 5000; place += 1) pace.allows(String(place), 2);
    expect(pace.allows('first', 3)).toBe(true);
  });
});
