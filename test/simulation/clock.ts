// Clocks that are wrong in the ways real ones are: a host's wall clock is skewed and drifts, a process's monotonic
// clock starts anywhere and drifts. Only the simulator knows the true time.
import type { Now } from '../../src/core/node/now';

/** True time 0 on a correct wall clock. */
const EPOCH_MS = 1_760_000_000_000;

export interface WallClock {
  readonly skewMs: number;
  readonly driftPpm: number;
}

export class NodeClock {
  constructor(
    private readonly wall: WallClock,
    private readonly startMs: number,
    private readonly driftPpm: number,
  ) {}

  now(trueMs: number): Now {
    return {
      monoMs: this.startMs + trueMs * (1 + this.driftPpm * 1e-6),
      wallMs: EPOCH_MS + this.wall.skewMs + trueMs * (1 + this.wall.driftPpm * 1e-6),
    };
  }

  /** The true time at which the monotonic clock has surely reached `monoMs`. */
  trueMsOf(monoMs: number): number {
    return (monoMs - this.startMs) / (1 + this.driftPpm * 1e-6) + 1e-5;
  }
}
