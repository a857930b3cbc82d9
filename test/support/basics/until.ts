// The one way tests wait: for a condition, with a deadline, and with words for what did not happen.
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;
const PENDING = Symbol('the condition has not answered yet');

/** What `condition` answers, or `PENDING` when it takes longer than `limitMs`. */
async function ask<T>(condition: () => T | Promise<T>, limitMs: number): Promise<T | typeof PENDING> {
  const answered = new AbortController();
  const pending = (): typeof PENDING => PENDING;
  const limit = delay(limitMs, undefined, { signal: answered.signal }).then(pending, pending);
  try {
    return await Promise.race([condition(), limit]);
  } finally {
    answered.abort();
  }
}

/**
 * Polls `condition` every 10 ms until it is truthy and returns what it returned. A condition that
 * throws counts as not yet. Rejects after `deadlineMs` with `what` and the last error, also while
 * the condition itself hangs.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  what: string,
  deadlineMs = 30_000,
): Promise<T> {
  const endMs = performance.now() + deadlineMs;
  let problem = '';
  do {
    try {
      const answer = await ask(condition, Math.max(1, endMs - performance.now()));
      if (answer === PENDING) break;
      if (answer) return answer;
      problem = '';
    } catch (error) {
      problem = `; last error: ${error instanceof Error ? error.message : String(error)}`;
    }
    await delay(POLL_MS);
  } while (performance.now() < endMs);
  throw new Error(`waited ${deadlineMs} ms in vain: ${what}${problem}`);
}
