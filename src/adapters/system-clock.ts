// The machine's clocks, read together. The only place beside tests where the core's Now comes from.
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Now } from '../core/base/now';

/**
 * Milliseconds since the machine started, sleep included; null where it does not tell. Linux: 10 ms
 * resolution, CLOCK_BOOTTIME.
 */
export type BootClock = () => number | null;

/**
 * The boot clock costs a system call or three. It is read this often, and whenever the other two
 * clocks part.
 */
const READ_EVERY_MS = 1000;
const PARTED_MS = 250;
/**
 * Shorter sleeps wait until they have added up. Where the resolution is a second they cannot be
 * told from none.
 */
const SLEPT_MIN_MS = 1500;

export function systemUptimeMs(): number | null {
  try {
    return uptime() * 1000;
  } catch {
    return null;
  }
}

/**
 * A monotonic clock that counts the time for which the machine slept, beside the wall clock.
 * CLOCK_MONOTONIC stands still in a suspend, and lives would be longer by that. The wall clock
 * cannot tell a suspend from having been set.
 */
export class SystemClock {
  private sleptMs = 0;
  private aheadMs: number | null = null;
  private awakeAtBootMs: number | null = null;
  private readAtMs = -Infinity;

  constructor(
    private readonly bootMs: BootClock = systemUptimeMs,
    private readonly monotonicMs = (): number => performance.now(),
    private readonly wallMs = (): number => Date.now(),
  ) {}

  readonly now = (): Now => {
    const awakeMs = this.monotonicMs();
    const wallMs = this.wallMs();
    const haveParted = this.haveParted(wallMs - awakeMs);
    if (haveParted || awakeMs - this.readAtMs >= READ_EVERY_MS) this.countSleep(awakeMs);
    return { monoMs: awakeMs + this.sleptMs, wallMs };
  };

  /** The monotonic time alone, by what `now` last learned of sleep: for the moments after it. */
  monoMs(): number {
    return this.monotonicMs() + this.sleptMs;
  }

  private haveParted(aheadMs: number): boolean {
    const parted = Math.abs(aheadMs - (this.aheadMs ?? aheadMs)) >= PARTED_MS;
    if (parted || this.aheadMs === null) this.aheadMs = aheadMs;
    return parted;
  }

  private countSleep(awakeMs: number): void {
    this.readAtMs = awakeMs;
    const bootMs = this.bootMs();
    if (bootMs === null) return;
    const asleepMs = bootMs - awakeMs;
    const moreMs = asleepMs - (this.awakeAtBootMs ?? asleepMs);
    if (moreMs >= SLEPT_MIN_MS) this.sleptMs += moreMs;
    // A boot clock that went backwards is another one: counted from here on.
    if (this.awakeAtBootMs === null || Math.abs(moreMs) >= SLEPT_MIN_MS) this.awakeAtBootMs = asleepMs;
  }
}
