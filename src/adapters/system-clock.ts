// The machine's two clocks, read together. The only place beside tests where the core's Now comes from.
import { performance } from 'node:perf_hooks';
import type { Now } from '../core/node/now';

export function systemNow(): Now {
  return { monoMs: performance.now(), wallMs: Date.now() };
}
