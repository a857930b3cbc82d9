// Load on a running network for some seconds: so many requests under way at a time, to all nodes in
// turn.
import type { Answered, Asked, Connections } from './request';

export interface Load {
  readonly connections: Connections;
  /** Requests under way at a time. */
  readonly width: number;
  readonly lastsMs: number;
  readonly stop: AbortSignal;
  /** @param index counts from 0 */
  readonly next: (index: number) => Asked;
}

export interface Measured {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Answers by status; 0 = none came. */
  readonly statuses: Readonly<Partial<Record<string, number>>>;
}

/** Latencies are of answers that were no refusals. */
export async function runLoad({ connections, width, lastsMs, stop, next }: Load): Promise<Measured> {
  const startMs = performance.now();
  const answers: Answered[] = [];
  let index = 0;
  const worker = async (): Promise<void> => {
    while (!stop.aborted && performance.now() - startMs < lastsMs) {
      index += 1;
      answers.push(await connections.ask(next(index - 1), stop));
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  stop.throwIfAborted();
  return measured(answers, performance.now() - startMs);
}

function measured(answers: readonly Answered[], tookMs: number): Measured {
  const served = answers.filter(({ status }) => status >= 200 && status < 300).map((answer) => answer.tookMs);
  const sorted = Float64Array.from(served).sort();
  const at = (share: number): number => sorted.at(Math.max(0, Math.ceil(share * sorted.length) - 1)) ?? 0;
  const statuses: Partial<Record<string, number>> = {};
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    requests: answers.length,
    perSecond: (served.length * 1000) / tookMs,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    statuses,
  };
}
