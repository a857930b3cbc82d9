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
 * told from none, nor can the leaps of one clock alone.
 */
const SLEPT_MIN_MS = 1500;
/** Of a long sleep the wall clock may show that much more or less: it was put right meanwhile. */
const PUT_RIGHT_SHARE = 0.1;

/** How far the clocks that run on in a sleep are ahead of the one that does not. */
interface Ahead {
  readonly bootMs: number;
  readonly wallMs: number;
}

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
 * cannot tell a suspend from having been set, nor the boot clock from being another machine's, as
 * in a container that was moved. In a suspend both run on by the same.
 */
export class SystemClock {
  private sleptMs = 0;
  private aheadMs: number | null = null;
  private before: Ahead | null = null;
  /** Too little to be told from none. */
  private pendingMs = 0;
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
    if (haveParted || awakeMs - this.readAtMs >= READ_EVERY_MS) this.countSleep(awakeMs, wallMs);
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

  private countSleep(awakeMs: number, wallMs: number): void {
    const bootMs = this.bootMs();
    // Stopped, asleep or set between two readings: they say nothing of each other.
    const readWithinMs = Math.max(this.monotonicMs() - awakeMs, Math.abs(this.wallMs() - wallMs));
    if (readWithinMs >= PARTED_MS) return;
    this.readAtMs = awakeMs;
    if (bootMs === null) return;
    const ahead = { bootMs: bootMs - awakeMs, wallMs: wallMs - awakeMs };
    const before = this.before ?? ahead;
    this.before = ahead;
    const moreMs = ahead.bootMs - before.bootMs;
    const aloneMs = Math.abs(ahead.wallMs - before.wallMs - moreMs);
    if (aloneMs >= Math.max(SLEPT_MIN_MS, moreMs * PUT_RIGHT_SHARE)) return;
    this.pendingMs += moreMs;
    if (this.pendingMs < SLEPT_MIN_MS) return;
    this.sleptMs += this.pendingMs;
    this.pendingMs = 0;
  }
}
