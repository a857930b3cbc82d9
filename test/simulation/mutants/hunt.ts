// Looks for a seed with which a mutant is caught by the checker that is meant to.
import { simulate } from '../run/simulation';
import { scenarioNamed } from '../scenarios/scenarios';
import { CoreLoader } from './core-loader';
import type { Mutant } from './mutants';

export interface Catch {
  /** The last one that was tried. */
  readonly seed: number;
  /** All checkers that found something until then. */
  readonly caughtBy: readonly string[];
}

/** One for all: what mutants have in common is compiled once. */
const loader = new CoreLoader();

export function hunt({ checker, scenario, within, edits }: Mutant): Catch {
  const makeCore = loader.load(edits);
  const caughtBy = new Set<string>();
  let seed = 0;
  while (seed < within && !caughtBy.has(checker)) {
    seed += 1;
    const { violations } = simulate(scenarioNamed(scenario), seed, { makeCore, until: checker });
    for (const violation of violations) caughtBy.add(violation.checker);
  }
  return { seed, caughtBy: [...caughtBy] };
}
