// The single writer. Every input and every tick of one core goes through here, one after the other,
// with one timer for the deadline the core asked for. What several inputs of one event-loop turn
// cause is flushed by one tick at its end.
import type { CoreNode } from '../core/node/core-node';
import type { EffectSink } from '../core/base/effects';
import type { Input } from '../core/base/inputs';
import type { Now } from '../core/base/now';

/** Longest sleep: a timer that was lost to a clock fault is noticed after this. */
const SLEEP_MAX_MS = 1000;

export class CoreLoop {
  private timer: NodeJS.Timeout | null = null;
  private immediate: NodeJS.Immediate | null = null;
  private wakeAtMs = Infinity;
  private stopped = false;
  lastTickMs: number;

  constructor(
    private readonly core: CoreNode,
    private readonly clock: () => Now,
    private readonly sink: EffectSink,
    private readonly onTick: () => void,
  ) {
    this.lastTickMs = clock().monoMs;
    this.arm(this.lastTickMs);
  }

  submit(input: Input): void {
    if (this.stopped) return;
    const now = this.clock();
    this.arm(this.core.handle(input, now, this.sink), now.monoMs);
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.immediate !== null) clearImmediate(this.immediate);
  }

  /** Of clients that were answered at once the first have asked again already, and others will. */
  private readonly gather = (): void => {
    this.immediate = setImmediate(this.tick);
  };

  private readonly tick = (): void => {
    this.immediate = null;
    if (this.stopped) return;
    const now = this.clock();
    this.lastTickMs = now.monoMs;
    this.wakeAtMs = Infinity;
    const deadlineMs = this.core.tick(now, this.sink);
    this.onTick();
    this.arm(deadlineMs, now.monoMs);
  };

  private arm(deadlineMs: number, nowMs = deadlineMs): void {
    if (this.stopped || this.immediate !== null) return;
    if (deadlineMs <= nowMs) {
      this.immediate = setImmediate(this.gather);
      return;
    }
    if (deadlineMs >= this.wakeAtMs) return;
    this.wakeAtMs = deadlineMs;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(this.tick, Math.min(SLEEP_MAX_MS, Math.ceil(deadlineMs - nowMs)));
  }
}
