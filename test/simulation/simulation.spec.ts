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

describe('the core under simulation', () => {
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
