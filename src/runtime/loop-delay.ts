// How late the event loop of this process is, over the last one to two minutes. To look every ten
// milliseconds wakes an idle process a hundred times a second, which is half of what it does. So
// it looks so often only while there is something to be late with.
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';

const WINDOW_MS = 60_000;
/** Between two looks while the process is at work, and while it is idle. */
const BUSY_MS = 10;
const IDLE_MS = 200;

interface Delays {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

type Histogram = Pick<IntervalHistogram, 'count' | 'max' | 'percentile' | 'reset' | 'disable'>;

const NONE: Delays = { p50: 0, p99: 0, max: 0 };
/** Without work until the process is idle. */
const IDLE_AFTER_MS = 10_000;

export class LoopDelay {
  private intervalMs = BUSY_MS;
  private histogram: Histogram;
  /** Of this window, before the interval changed. */
  private earlier = NONE;
  private previous = NONE;
  private windowStartMs: number;
  private workedAtMs: number;

  /** As of a process at work. */
  constructor(
    nowMs: number,
    private readonly watch: (intervalMs: number) => Histogram = watchLoop,
  ) {
    this.histogram = watch(BUSY_MS);
    this.windowStartMs = nowMs;
    this.workedAtMs = nowMs;
  }

  /** To be told again and again: whether there was work since it was told last. */
  worked(hasWorked: boolean, nowMs: number): void {
    if (hasWorked) this.workedAtMs = nowMs;
    this.lookEvery(nowMs - this.workedAtMs >= IDLE_AFTER_MS ? IDLE_MS : BUSY_MS);
  }

  read(nowMs: number): Delays {
    const current = most(this.earlier, delaysOf(this.histogram, this.intervalMs));
    const told = most(current, this.previous);
    if (nowMs - this.windowStartMs < WINDOW_MS) return told;
    this.previous = current;
    this.earlier = NONE;
    this.windowStartMs = nowMs;
    this.histogram.reset();
    return told;
  }

  stop(): void {
    this.histogram.disable();
  }

  /** Another histogram each time: one that goes on takes the pause for a delay. */
  private lookEvery(intervalMs: number): void {
    if (intervalMs === this.intervalMs) return;
    this.earlier = most(this.earlier, delaysOf(this.histogram, this.intervalMs));
    this.histogram.disable();
    this.histogram = this.watch(intervalMs);
    this.intervalMs = intervalMs;
  }
}

function watchLoop(intervalMs: number): Histogram {
  const histogram = monitorEventLoopDelay({ resolution: intervalMs });
  histogram.enable();
  return histogram;
}

/** The histogram counts its own sampling interval as delay. It is taken off. */
function delaysOf(histogram: Histogram, intervalMs: number): Delays {
  if (histogram.count === 0) return NONE;
  const delayMs = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, Math.round((nanoseconds - intervalMs * 1e6) / 1e4) / 100) : 0;
  return {
    p50: delayMs(histogram.percentile(50)),
    p99: delayMs(histogram.percentile(99)),
    max: delayMs(histogram.max),
  };
}

function most(one: Delays, other: Delays): Delays {
  return {
    p50: Math.max(one.p50, other.p50),
    p99: Math.max(one.p99, other.p99),
    max: Math.max(one.max, other.max),
  };
}
