// How busy this node is, once a second, as it tells its peers.
import type { Input } from '../core/base/inputs';

const EVERY_MS = 1000;

export type Load = Extract<Input, { kind: 'load' }>;

export interface LoadSample {
  /** Counted since the node started. */
  readonly puts: number;
  readonly gets: number;
  readonly loopDelayMs: number;
}

export class LoadMeter {
  private sinceMs: number;
  private puts = 0;
  private gets = 0;

  constructor(nowMs: number) {
    this.sinceMs = nowMs;
  }

  /** The load since the last one, or null while that is less than a second ago. */
  read(nowMs: number, sample: () => LoadSample): Load | null {
    const elapsedMs = nowMs - this.sinceMs;
    if (elapsedMs < EVERY_MS) return null;
    const { puts, gets, loopDelayMs } = sample();
    const perSecond = (count: number): number => Math.round((count * 1000) / elapsedMs);
    const load: Load = {
      kind: 'load',
      putsPerSecond: perSecond(puts - this.puts),
      getsPerSecond: perSecond(gets - this.gets),
      loopDelayMs: Math.round(loopDelayMs),
    };
    Object.assign(this, { sinceMs: nowMs, puts, gets });
    return load;
  }
}
