// What once failed, and what holds of the simulator itself.
import { scenarioNamed, SCENARIOS } from './scenarios/scenarios';
import { comeThrough, sharedSimulator } from './run/seeds';
import { simulate } from './run/simulation';

const SEEDS_MIN = 2000;

/** Runs that once failed, and what they showed. */
const REGRESSIONS = [
  {
    scenario: 'everything',
    seed: 6,
    showed: 'two ends redialling a half-open link a thousand times a second',
  },
  { scenario: 'everything', seed: 17, showed: 'a frame held up right after its link came up losing its age' },
  {
    scenario: 'everything',
    seed: 85,
    showed: 'the very first frame of a peer held up for seconds losing its age',
  },
  { scenario: 'everything', seed: 90, showed: 'one delayed round trip added to every age' },
  {
    scenario: 'partitions',
    seed: 83,
    showed: 'frames held longer than the offset filter remembers losing their age',
  },
  {
    scenario: 'everything',
    seed: 30,
    showed: 'copies that ended early because their sender had stood still before its first frame',
  },
  {
    scenario: 'clock-of-neighbours-ahead-and-set-right',
    seed: 90,
    showed: 'a stamp below what readers had been given, where writes of the future replaced each other',
  },
  { scenario: 'short-lives', seed: 50, showed: 'a clock corrected by a delayed ping' },
  {
    scenario: 'everything',
    seed: 149,
    showed: 'a frame that waited for a process that stood still losing its age',
  },
  { scenario: 'suspended', seed: 1, showed: 'values living on by what the machine slept' },
  {
    scenario: 'clock-steps',
    seed: 3,
    showed:
      'a write taken for over, and acknowledged, by a node whose clock was set ahead and only one peer had said so',
  },
  {
    scenario: 'small-members-apart',
    seed: 1,
    showed: 'stubs brought by repair filling a small node beyond its limit',
  },
  {
    scenario: 'small-member',
    seed: 46,
    showed: 'a full node taking the older of two values because the newer one was larger',
  },
  {
    scenario: 'small-members-apart',
    seed: 36,
    showed: 'a full node giving a value that was replaced while it was away',
  },
];

describe('the core under simulation', () => {
  const simulator = sharedSimulator();

  it.each(REGRESSIONS)('does not show again: $showed ($scenario, seed $seed)', async ({ scenario, seed }) => {
    await comeThrough(simulator(), scenario, ['--seed', `${seed}`], 1);
  });

  it(`covers at least ${SEEDS_MIN} seeds`, () => {
    expect(SCENARIOS.reduce((sum, { seeds }) => sum + seeds, 0)).toBeGreaterThanOrEqual(SEEDS_MIN);
  });

  it('replays a seed event for event', () => {
    const follow = (): { lines: string[]; events: number } => {
      const lines: string[] = [];
      const onLine = (line: string): unknown => lines.push(line);
      const { events } = simulate(scenarioNamed('everything'), 7, { onLine });
      return { lines, events };
    };
    const first = follow();
    expect(first.lines.length).toBeGreaterThan(100);
    expect(follow()).toEqual(first);
  });
});
