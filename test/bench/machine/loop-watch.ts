// How late the event loop of a node was, told by what was preloaded into it (./loop-probe.cjs).
import { join } from 'node:path';
import { until } from '../../support/basics/until';
import type { BenchNode } from './cluster';

export const LOOP_PROBE = { NODE_OPTIONS: `--require ${join(__dirname, 'loop-probe.cjs')}` };

export interface LoopLateness {
  readonly p50Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** Since it was asked last. */
export async function loopLateness({ child, log }: BenchNode): Promise<LoopLateness> {
  const before = log.all('bench-loop').length;
  child.kill('SIGUSR2');
  await until(() => log.all('bench-loop').length > before, 'a node to tell how late its loop was', 60_000);
  const { fields } = log.all('bench-loop')[before];
  return { p50Ms: Number(fields.p50_ms), p999Ms: Number(fields.p999_ms), maxMs: Number(fields.max_ms) };
}
