// When a question may come before its turn because a stranger of our cluster was refused: the list
// may name it by now. Anything that can reach the port can be such a stranger. So each early
// question doubles the gap until the next one, up to the ordinary period. Only an answer that names
// a new instance, or a long time without strangers, takes that back. Pure.

export interface EarlyTiming {
  /** Least milliseconds between an answer and an early question at first. */
  readonly earlyMs: number;
  /** From an answer to the next question in its turn. No early gap is longer. */
  readonly periodMs: number;
}

/** Strangers that stayed away for so many periods are forgotten. */
const CALM_PERIODS = 10;

export class EarlyPolls {
  private gapMs: number;
  private lastStrangerMs = -Infinity;

  constructor(private readonly timing: EarlyTiming) {
    this.gapMs = timing.earlyMs;
  }

  /**
   * When a stranger that came at `nowMs` may have its question. A fifth of the gap spreads the
   * nodes that it greeted at the same moment. `random` is 0..1.
   */
  dueAtMs(nowMs: number, answeredAtMs: number, random: number): number {
    if (nowMs - this.lastStrangerMs >= CALM_PERIODS * this.timing.periodMs) this.reset();
    this.lastStrangerMs = nowMs;
    return Math.max(nowMs, answeredAtMs + this.gapMs) + (random * this.gapMs) / 5;
  }

  /** One was granted. */
  granted(): void {
    this.gapMs = Math.min(this.timing.periodMs, this.gapMs * 2);
  }

  /** A new instance was named: asking was worth it. */
  reset(): void {
    this.gapMs = this.timing.earlyMs;
  }
}
