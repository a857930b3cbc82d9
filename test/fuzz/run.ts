// Many conversations, one seed after the other, until the time is up or something is wrong.
import type { CoreFactory } from '../simulation/world/simulated-core';
import { converse, type Outcome } from './conversation';

export interface Budget {
  readonly seconds: number;
  /** The first of the seeds. */
  readonly seed: number;
  /** Conversations at most. */
  readonly most?: number;
  readonly makeCore?: CoreFactory;
}

export interface Result {
  readonly conversations: number;
  readonly frames: number;
  readonly virtualMs: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly failure: Outcome | null;
}

export function run({ seconds, seed, most = Infinity, makeCore }: Budget): Result {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  const elapsed = (): number => (performance.now() - startedMs) / 1000;
  let [conversations, frames, virtualMs] = [0, 0, 0];
  let failure: Outcome | null = null;
  while (failure === null && conversations < most && (conversations === 0 || elapsed() < seconds)) {
    const outcome = converse((seed + conversations) >>> 0, makeCore);
    conversations += 1;
    frames += outcome.frames;
    virtualMs += outcome.virtualMs;
    if (outcome.problems.length > 0) failure = outcome;
  }
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  return { conversations, frames, virtualMs, seconds: elapsed(), cpuSeconds, failure };
}

export function report({ conversations, frames, virtualMs, seconds, cpuSeconds, failure }: Result): string {
  const counts = `${conversations} conversations, ${frames} hostile frames, ${Math.round(virtualMs / 1000)} s of virtual time, ${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of processor)`;
  if (failure === null) return counts;
  const { seed, problems } = failure;
  return `${counts}\n${problems.join('\n')}\nreplay: npm run fuzz -- --seed ${seed}`;
}
