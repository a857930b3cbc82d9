// A bounded run of the fuzzer, and the proof that it is worth its time: it misses each defence that
// is taken away.
import { CoreLoader } from '../simulation/mutants/core-loader';
import { FUZZ_MUTANTS } from './mutants';
import { runFuzzer } from './fuzzer';
import { run } from './run';

describe('what peers say, in any order', () => {
  it('leaves a network of nodes as it was', async () => {
    const { passed, output } = await runFuzzer('--conversations', '60');
    if (!passed) throw new Error(`\n${output}`);
    expect(output).toMatch(/^60 conversations, \d{4,} hostile frames/);
  });

  it('is the same again for the same seed', async () => {
    const [one, other] = [await runFuzzer('--seed', '5'), await runFuzzer('--seed', '5')];
    const counts = /^\d+ conversations, \d+ hostile frames, \d+ s of virtual time/;
    expect(one.output).toMatch(counts);
    expect(counts.exec(one.output)?.[0]).toBe(counts.exec(other.output)?.[0]);
  });

  it.each([
    ['--seconds', '0'],
    ['--seed', 'x'],
    ['--conversations', '1.5'],
  ])('is not begun by a command that cannot be meant: %s %s', async (...flags) => {
    const { passed, output } = await runFuzzer(...flags);
    expect(passed).toBe(false);
    expect(output).toContain('usage: npm run fuzz');
  });
});

describe('the fuzzer', () => {
  const loader = new CoreLoader();

  it.each(FUZZ_MUTANTS)('finds a core that $what', ({ problem, within, edits }) => {
    const { failure } = run({ seconds: Infinity, seed: 1, most: within, makeCore: loader.load(edits) });
    expect(failure?.problems.join('\n')).toMatch(problem);
  });
});
