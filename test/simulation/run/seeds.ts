// Many seeds of the scenarios of one theme, each scenario one test. A failing seed prints how to
// replay it. Runs go through the command line, in processes of their own: inside jest's sandbox
// they take twice as long. Each theme is a test file of its own, so that they share the processors.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Theme } from './scenario';
import { scenariosOf } from '../scenarios/scenarios';

const ROOT = join(__dirname, '../../..');

/** What `npm run sim` prints, and whether all seeds came through. */
export function runCli(...flags: string[]): Promise<{ passed: boolean; output: string }> {
  const command = ['scripts/run-ts.cjs', 'test/simulation/run/cli.ts', ...flags];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ passed: error === null, output: stdout + stderr });
    });
  });
}

export async function comeThrough(scenario: string, seeds: string, count: number): Promise<void> {
  const { passed, output } = await runCli('--scenario', scenario, ...seeds.split(' '));
  if (!passed) throw new Error(`\n${output}`);
  expect(output).toMatch(new RegExp(`^  seeds +${count}$`, 'm'));
}

export function describeTheme(theme: Theme): void {
  describe(`the core under simulation: ${theme}`, () => {
    it.each(scenariosOf(theme))('$name: $what ($seeds seeds)', async ({ name, seeds }) => {
      await comeThrough(name, `--seeds ${seeds}`, seeds);
    });
  });
}
