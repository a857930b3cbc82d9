// Clocks that are wrong in the ways real ones are: a host's wall clock is skewed, drifts and is set
// anew; a process's monotonic clock starts anywhere, drifts, and stands still while its machine
// does. Only the simulator knows the true time.
import type { Now } from '../../../src/core/base/now';

/** True time 0 on a correct wall clock. */
export const EPOCH_MS = 1_760_000_000_000;

/** The wall clock of one host. */
export class WallClock {
  private steppedMs = 0;
  private worst: number;

  constructor(
    readonly skewMs: number,
    private readonly driftPpm: number,
  ) {
    this.worst = Math.abs(skewMs);
  }

  /** How far it was set, or stood still, since it started. */
  get stepMs(): number {
    return this.steppedMs;
  }

  set stepMs(ms: number) {
    this.steppedMs = ms;
    this.worst = Math.max(this.worst, Math.abs(this.skewMs + ms));
  }

  /** How wrong it ever was, but for drift. */
  get worstMs(): number {
    return this.worst;
  }

  at(trueMs: number): number {
    return EPOCH_MS + this.skewMs + this.stepMs + trueMs * (1 + this.driftPpm * 1e-6);
  }
}

export class NodeClock {
  /** True time for which the monotonic clock stood still so far, milliseconds. */
  stoodMs = 0;

  constructor(
    private readonly wall: WallClock,
    private readonly startMs: number,
    private readonly driftPpm: number,
  ) {}

  now(trueMs: number): Now {
    const monoMs = this.startMs + (trueMs - this.stoodMs) * (1 + this.driftPpm * 1e-6);
    return { monoMs, wallMs: this.wall.at(trueMs) };
  }

  /** The true time at which the monotonic clock has surely reached `monoMs`. */
  trueMsOf(monoMs: number): number {
    return (monoMs - this.startMs) / (1 + this.driftPpm * 1e-6) + this.stoodMs + 1e-5;
  }
}
