// The product's core under every scenario of the table, many seeds each. A failing seed prints how to replay it.
import { SCENARIOS } from './scenarios';
import { describeFailure, simulate } from './simulation';

/** Seeds per scenario. */
const SEEDS = 13;

describe('the core under simulation', () => {
  it.each(SCENARIOS)(`comes through ${SEEDS} seeds of $name`, (scenario) => {
    const seeds = Array.from({ length: SEEDS }, (_, i) => i + 1);
    const failed = seeds
      .map((seed) => simulate(scenario, seed))
      .filter(({ violations }) => violations.length > 0);
    if (failed.length > 0) throw new Error(`\n${failed.map(describeFailure).join('\n')}`);
  });

  it('covers at least 200 runs', () => {
    expect(SEEDS * SCENARIOS.length).toBeGreaterThanOrEqual(200);
  });

  it('replays a seed event for event', () => {
    const follow = (): { lines: string[]; events: number } => {
      const lines: string[] = [];
      const { events } = simulate(SCENARIOS[SCENARIOS.length - 1], 7, { onLine: (line) => lines.push(line) });
      return { lines, events };
    };
    expect(follow()).toEqual(follow());
  });
});
