// Runs one scenario with one seed: formation, writes under faults, then rest; and tells what the
// checkers found.
import { checkersFor } from '../checkers/all-checkers';
import type { Checker } from '../checkers/checker';
import { Deadline } from '../checkers/deadline';
import { nodesOf, type Scenario } from './scenario';
import { scenarioNamed } from '../scenarios/scenarios';
import { productCore, type CoreFactory } from '../world/simulated-core';
import type { Figures, Violation } from './watch';
import { Workload } from './workload';
import { World } from '../world/world';

export interface Outcome {
  readonly scenario: string;
  readonly seed: number;
  readonly nodes: number;
  readonly violations: readonly Violation[];
  readonly figures: Figures;
  readonly virtualMs: number;
  readonly events: number;
  readonly writes: number;
  /**
   * From the end of faults and writes until all was equal and everybody known; null = not within
   * the bound.
   */
  readonly restMs: number | null;
  /** The latest any value was seen behind its deadline; milliseconds. */
  readonly overstayMaxMs: number;
}

export interface RunOptions {
  readonly makeCore?: CoreFactory;
  readonly checkers?: readonly Checker[];
  /** The run ends as soon as this checker has found something. */
  readonly until?: string;
  /** Called with the virtual time and each transition, fault and violation. */
  readonly onLine?: (line: string) => unknown;
}

const SAMPLE_MS = 1000;
/** Rest is looked for this often, and must come within the bound. */
const REST_SAMPLE_MS = 500;
const REST_BOUND_MS = 90_000;

export function simulate(scenario: Scenario, seed: number, options: RunOptions = {}): Outcome {
  const checkers = options.checkers ?? checkersFor(scenario);
  const world = new World(scenario, seed, options.makeCore ?? productCore, checkers);
  const { onLine, until } = options;
  if (until !== undefined) world.watch.haltsAt = until;
  if (onLine) world.watch.onLine = (line) => onLine(`${world.queue.nowMs.toFixed(1).padStart(9)} ${line}`);
  const workload = new Workload(world, world.forkPrng());
  let restMs: number | null = null;
  try {
    world.queue.every(SAMPLE_MS, () => sample(world, checkers));
    world.queue.runUntil(scenario.durationMs);
    workload.end();
    world.faults.end();
    restMs = comeToRest(world, checkers);
    sample(world, checkers);
    collect(world, checkers, (checker) => checker.ended?.(world));
  } catch (error) {
    world.watch.violated('core', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return outcomeOf(world, seed, checkers, restMs);
}

function outcomeOf(world: World, seed: number, checkers: readonly Checker[], restMs: number | null): Outcome {
  const { scenario } = world;
  return {
    scenario: scenario.name,
    seed,
    nodes: nodesOf(scenario),
    violations: world.watch.violations,
    figures: world.watch.figures,
    virtualMs: world.queue.nowMs,
    events: world.queue.ran,
    writes: world.history.writes.length,
    restMs,
    overstayMaxMs: checkers.find((checker) => checker instanceof Deadline)?.overstayMaxMs ?? 0,
  };
}

/** The command that replays a run. */
function replayCommand({ scenario, nodes, seed }: Outcome): string {
  const asked = nodes === nodesOf(scenarioNamed(scenario)) ? '' : ` --nodes ${nodes}`;
  return `npm run sim -- --scenario ${scenario}${asked} --seed ${seed}`;
}

/** What a failing seed prints. */
export function describeFailure(outcome: Outcome): string {
  const lines = outcome.violations.map(
    ({ checker, atMs, text }) => `  ${atMs.toFixed(1)} ms ${checker}: ${text}`,
  );
  const head = `scenario ${outcome.scenario}, seed ${outcome.seed}: ${outcome.violations.length} violations`;
  return [head, ...lines.slice(0, 12), `  replay: ${replayCommand(outcome)}`].join('\n');
}

function comeToRest(world: World, checkers: readonly Checker[]): number | null {
  const { queue } = world;
  const beganMs = queue.nowMs;
  const isAtRest = (): boolean => checkers.every((checker) => (checker.unrest?.(world) ?? []).length === 0);
  queue.runUntil(beganMs + world.scenario.restMinMs);
  while (queue.nowMs - beganMs < REST_BOUND_MS && !queue.isHalted) {
    if (isAtRest()) return queue.nowMs - beganMs;
    queue.runUntil(queue.nowMs + REST_SAMPLE_MS);
  }
  collect(world, checkers, (checker) => checker.unrest?.(world));
  return null;
}

function sample(world: World, checkers: readonly Checker[]): boolean {
  collect(world, checkers, (checker) => checker.sampled?.(world));
  return true;
}

function collect(
  world: World,
  checkers: readonly Checker[],
  problemsOf: (checker: Checker) => readonly string[] | undefined,
): void {
  for (const checker of checkers) {
    for (const problem of problemsOf(checker) ?? []) world.watch.violated(checker.name, problem);
  }
}
