// How late the event loop of this process is, over the last one to two minutes.
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';

const WINDOW_MS = 60_000;
const RESOLUTION_MS = 10;

export class LoopDelay {
  private readonly histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private previous = { p50: 0, p99: 0, max: 0 };
  private windowStartMs: number;

  constructor(nowMs: number) {
    this.windowStartMs = nowMs;
    this.histogram.enable();
  }

  read(nowMs: number): { p50: number; p99: number; max: number } {
    const current = this.current();
    if (nowMs - this.windowStartMs >= WINDOW_MS) {
      this.previous = current;
      this.windowStartMs = nowMs;
      this.histogram.reset();
    }
    return {
      p50: Math.max(current.p50, this.previous.p50),
      p99: Math.max(current.p99, this.previous.p99),
      max: Math.max(current.max, this.previous.max),
    };
  }

  stop(): void {
    this.histogram.disable();
  }

  /** The histogram counts its own sampling interval as delay. It is taken off. */
  private current(): { p50: number; p99: number; max: number } {
    const delayMs = (nanoseconds: number): number =>
      Number.isFinite(nanoseconds)
        ? Math.max(0, Math.round((nanoseconds - RESOLUTION_MS * 1e6) / 1e4) / 100)
        : 0;
    const { histogram } = this;
    if (histogram.count === 0) return { p50: 0, p99: 0, max: 0 };
    return {
      p50: delayMs(histogram.percentile(50)),
      p99: delayMs(histogram.percentile(99)),
      max: delayMs(histogram.max),
    };
  }
}
