// Many seeds of the scenarios of one theme, each scenario one test. A failing seed prints how to
// replay it. Each theme is a test file of its own, so that they share the processors.
import type { Theme } from './scenario';
import { scenariosOf } from '../scenarios/scenarios';
import { Simulator } from './simulator';

/** `flags` say which seeds, and those are `count`. */
export async function comeThrough(
  simulator: Simulator,
  scenario: string,
  flags: readonly string[],
  count: number,
): Promise<void> {
  const { passed, output } = await simulator.perform('--scenario', scenario, ...flags);
  if (!passed) throw new Error(`\n${output}`);
  expect(output).toMatch(new RegExp(`^  seeds +${count}$`, 'm'));
}

/** One for all tests of the block that calls this. */
export function sharedSimulator(): () => Simulator {
  let simulator: Simulator | null = null;
  afterAll(() => simulator?.end());
  return () => (simulator ??= new Simulator());
}

export function describeTheme(theme: Theme): void {
  describe(`the core under simulation: ${theme}`, () => {
    const simulator = sharedSimulator();

    it.each(scenariosOf(theme))('$name: $what ($seeds seeds)', async ({ name, seeds }) => {
      await comeThrough(simulator(), name, ['--seeds', `${seeds}`], seeds);
    });
  });
}
