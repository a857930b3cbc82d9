// Each checker is shown to catch a core that is broken on purpose, and to let the product's core
// pass the same run.
import { BROKEN_CORES } from './mutants/broken-cores';
import { allCheckers } from './checkers/all-checkers';
import { MUTANTS } from './mutants/mutants';
import { scenarioNamed } from './scenarios/scenarios';
import { describeFailure, simulate } from './run/simulation';

const SEED = 1;

describe('the checkers', () => {
  it.each(BROKEN_CORES)('$checker catches a core that $what', ({ checker, scenario, makeCore }) => {
    const outcome = simulate(scenarioNamed(scenario), SEED, { makeCore, until: checker });
    expect(outcome.violations.map((violation) => violation.checker)).toContain(checker);
  });

  it.each([...new Set(BROKEN_CORES.map(({ scenario }) => scenario))])(
    'let the product pass where they catch the broken ones (%s)',
    (scenario) => {
      expect(simulate(scenarioNamed(scenario), SEED).violations).toEqual([]);
    },
  );

  it('are each shown a broken core', () => {
    const shown = new Set([...BROKEN_CORES, ...MUTANTS].map(({ checker }) => checker));
    expect(shown).toEqual(new Set(allCheckers().map(({ name }) => name)));
  });

  it('say how to replay what they found', () => {
    const { scenario, makeCore } = BROKEN_CORES[1];
    const text = describeFailure(simulate(scenarioNamed(scenario), SEED, { makeCore }));
    expect(text).toContain(`npm run sim -- --scenario ${scenario} --seed ${SEED}`);
    expect(text).toMatch(/\d ms deadline: h0-\d+-\d gave write \d+/);
  });
});
