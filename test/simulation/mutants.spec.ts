// Each mutant of the core is caught, by the checker that is meant to catch it.
import { CoreLoader } from './mutants/core-loader';
import { MUTANTS } from './mutants/mutants';
import { sharedSimulator } from './run/seeds';

describe('the checkers', () => {
  const simulator = sharedSimulator();

  it.each(MUTANTS)('$checker catches a core that $what', async ({ what }) => {
    const { passed, output } = await simulator().perform('mutants', what);
    if (!passed) throw new Error(`\n${output}`);
    expect(output).toContain(what);
  });

  it('say so when the text to replace is gone', () => {
    const edits = [{ file: 'store/store.ts', find: 'no such text', replace: '' }];
    expect(() => new CoreLoader().load(edits)).toThrow('src/core/store/store.ts has 0 times: no such text');
  });
});
