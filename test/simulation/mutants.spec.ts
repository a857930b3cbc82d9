// Each mutant of the core is caught, by the checker that is meant to catch it.
import { CoreLoader } from './mutants/core-loader';
import { MUTANTS } from './mutants/mutants';
import { scenarioNamed } from './scenarios/scenarios';
import { simulate } from './run/simulation';

describe('the checkers', () => {
  const loader = new CoreLoader();

  it.each(MUTANTS)('$checker catches a core that $what', ({ checker, scenario, within, edits }) => {
    const makeCore = loader.load(edits);
    const caughtBy = new Set<string>();
    for (let seed = 1; seed <= within && !caughtBy.has(checker); seed += 1) {
      const { violations } = simulate(scenarioNamed(scenario), seed, { makeCore, until: checker });
      for (const violation of violations) caughtBy.add(violation.checker);
    }
    expect([...caughtBy]).toContain(checker);
  });

  it('say so when the text to replace is gone', () => {
    const edits = [{ file: 'store/store.ts', find: 'no such text', replace: '' }];
    expect(() => loader.load(edits)).toThrow('src/core/store/store.ts has 0 times: no such text');
  });
});
