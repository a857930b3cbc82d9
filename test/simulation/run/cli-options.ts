// The command line of the simulator.
import { parseArgs } from 'node:util';
import type { Figure, FigureOptions } from '../figures/figure';
import { FIGURES, figuresNamed } from '../figures/figures';
import { mutantsThat, type Mutant } from '../mutants/mutants';
import { withNodes, type Scenario } from './scenario';
import { SCENARIOS, scenarioNamed } from '../scenarios/scenarios';

export const USAGE = `usage: npm run sim -- [options]             runs scenarios and prints what came of them
       npm run sim -- list                  the table of scenarios
       npm run sim -- figures [NAME...]     measures ${FIGURES.map(({ name }) => name).join(', ')} in virtual time
       npm run sim -- mutants [WHAT...]     cores that are broken on purpose: whether each is caught
  --scenario NAME    which one, may be repeated (all)
  --seed N           replays one seed (1..4294967295)
  --seeds COUNT      seeds 1 to COUNT (1..1000000, 5)
  --nodes N          spread evenly over the scenario's hosts (2..32)
  --follow           prints each transition
  --runs N           of a figure (1..100000)
  --hours H          of false positives (0.01..1000)
  --sizes 3,10       numbers of nodes in a figure (2..32)
  --keys N           to catch up with (1..10000000)
`;

export type Command =
  | { readonly kind: 'list' }
  | { readonly kind: 'mutants'; readonly mutants: readonly Mutant[] }
  | { readonly kind: 'figures'; readonly figures: readonly Figure[]; readonly options: FigureOptions }
  | {
      readonly kind: 'run';
      readonly scenarios: readonly Scenario[];
      readonly seeds: readonly number[];
      readonly follow: boolean;
    };

const OPTIONS = {
  scenario: { type: 'string', multiple: true },
  seed: { type: 'string' },
  seeds: { type: 'string' },
  nodes: { type: 'string' },
  follow: { type: 'boolean', default: false },
  runs: { type: 'string' },
  hours: { type: 'string' },
  sizes: { type: 'string' },
  keys: { type: 'string' },
} as const;

/** What to do, or a sentence that says what is wrong. */
export function readCommand(args: readonly string[]): Command | string {
  try {
    return commandOf(args);
  } catch (error) {
    return (error as Error).message;
  }
}

function commandOf(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [word, ...names] = positionals as [string?, ...string[]];
  const number = (name: 'seed' | 'seeds' | 'nodes' | 'runs' | 'keys', max: number, min = 1): number | null =>
    values[name] === undefined ? null : bounded(name, values[name], min, max, Number.isInteger);
  const [seed, nodes] = [number('seed', 0xffff_ffff), number('nodes', 32, 2)];
  const count = number('seeds', 1_000_000) ?? 5;
  const hours = values.hours === undefined ? null : bounded('hours', values.hours, 0.01, 1000);
  const sizes =
    values.sizes?.split(',').map((size) => bounded('sizes', size, 2, 32, Number.isInteger)) ?? null;
  const options = { runs: number('runs', 100_000), hours, sizes, keys: number('keys', 10_000_000) };
  if (word === 'list') return { kind: 'list' };
  if (word === 'figures') return { kind: 'figures', figures: figuresNamed(names), options };
  if (word === 'mutants') return { kind: 'mutants', mutants: mutantsThat(names) };
  if (word !== undefined) throw new Error(`no command ${word}; there are figures, mutants and list`);
  const scenarios = values.scenario?.map(scenarioNamed) ?? SCENARIOS;
  return {
    kind: 'run',
    scenarios: nodes === null ? scenarios : scenarios.map((scenario) => withNodes(scenario, nodes)),
    seeds: seed === null ? Array.from({ length: count }, (_, i) => i + 1) : [seed],
    follow: values.follow,
  };
}

function bounded(
  name: string,
  text: string,
  min: number,
  max: number,
  isRight: (value: number) => boolean = Number.isFinite,
): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (isRight(value) && value >= min && value <= max) return value;
  throw new Error(`--${name} ${text}: a number from ${min} to ${max} is needed`);
}
