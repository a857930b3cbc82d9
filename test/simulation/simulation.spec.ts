// The product's core under every scenario of the table, many seeds each. A failing seed prints how to replay it. Runs go
// through the command line, in processes of their own: inside jest's sandbox they take twice as long.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { SCENARIOS, scenarioNamed } from './scenarios';
import { simulate } from './simulation';

/** Seeds per scenario. */
const SEEDS = 13;
const ROOT = join(__dirname, '..', '..');

/** What `npm run sim` prints, and whether all seeds came through. */
function runCli(...flags: string[]): Promise<{ passed: boolean; output: string }> {
  const command = ['scripts/run-ts.cjs', 'test/simulation/cli.ts', ...flags];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ passed: error === null, output: stdout + stderr });
    });
  });
}

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
  { scenario: 'short-lives', seed: 50, showed: 'a clock corrected by a delayed ping' },
];

describe('the core under simulation', () => {
  it.each(REGRESSIONS)('does not show again: $showed', async ({ scenario, seed }) => {
    const { passed, output } = await runCli('--scenario', scenario, '--seed', String(seed));
    if (!passed) throw new Error(`\n${output}`);
    expect(output).toMatch(/^ {2}seeds +1$/m);
  });

  it.each(SCENARIOS)(`comes through ${SEEDS} seeds of $name`, async ({ name }) => {
    const { passed, output } = await runCli('--scenario', name, '--seeds', String(SEEDS));
    if (!passed) throw new Error(`\n${output}`);
    expect(output).toMatch(new RegExp(`^  seeds +${SEEDS}$`, 'm'));
  });

  it('covers at least 200 runs', () => {
    expect(SEEDS * SCENARIOS.length).toBeGreaterThanOrEqual(200);
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
