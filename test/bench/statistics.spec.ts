// What turns samples into the figures that are told.
import { median, seeded, summarize } from './statistics';

describe('the summary of samples', () => {
  it('takes percentiles by nearest rank, in whatever order the samples came', () => {
    const samples = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(summarize(samples)).toEqual({ samples: 200, min: 1, p50: 100, p99: 198, max: 200 });
  });

  it('tells the maximum as the 99th percentile of fewer than a hundred samples', () => {
    expect(summarize([5, 1, 9])).toEqual({ samples: 3, min: 1, p50: 5, p99: 9, max: 9 });
    expect(median([4])).toBe(4);
  });

  it('refuses to summarize nothing', () => {
    expect(() => summarize([])).toThrow('nothing to summarize');
  });
});

describe('the seeded generator', () => {
  it('repeats itself with the same seed only, between 0 and 1', () => {
    const draw = (seed: number): number[] => Array.from({ length: 50 }, seeded(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7).every((each) => each >= 0 && each < 1)).toBe(true);
    expect(new Set(draw(7)).size).toBe(50);
  });
});
