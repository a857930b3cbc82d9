// Asks again and again: after each answer in about a period, after failures soon and then ever more
// rarely. One question at a time. Stopping ends the one under way.
import { EarlyPolls } from './early-polls';

export interface PollTiming {
  /** Milliseconds between an answer and the next question. */
  readonly periodMs: number;
  /** Between an answer and the next question when that is hurried; without it there is no hurry. */
  readonly earlyMs?: number;
  /** After the first failure. Doubles with each further one up to `retryMaxMs`. */
  readonly retryMs: number;
  readonly retryMaxMs: number;
}

/** Spread by a fifth to either side, so that many nodes do not ask at once. `random` is 0..1. */
export function pollDelayMs(timing: PollTiming, failures: number, random: number): number {
  const backoffMs = timing.retryMs * 2 ** Math.min(30, failures - 1);
  const delayMs = failures === 0 ? timing.periodMs : Math.min(timing.retryMaxMs, backoffMs);
  return delayMs * (0.8 + 0.4 * random);
}

export class PollLoop {
  private readonly ending = new AbortController();
  private readonly early: EarlyPolls;
  private failures = 0;
  private timer: NodeJS.Timeout | null = null;
  private answeredAtMs = -Infinity;
  /** Of the next question; null while one is under way. */
  private dueAtMs: number | null = null;
  /** A stranger came while a question was under way. The answer may be older than the stranger. */
  private isHurried = false;

  /** `ask` says whether it was answered, and never rejects. */
  constructor(
    private readonly ask: (stop: AbortSignal) => Promise<boolean>,
    private readonly timing: PollTiming,
  ) {
    this.early = new EarlyPolls({ earlyMs: timing.periodMs, ...timing });
  }

  start(): void {
    void this.round();
  }

  stop(): void {
    this.ending.abort();
    this.dueAtMs = null;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /**
   * Brings the next question forward, within the bounds of early ones. Does nothing while questions
   * fail.
   */
  hurry(): void {
    this.isHurried = this.dueAtMs === null;
    if (this.dueAtMs === null || this.failures > 0) return;
    const dueAtMs = this.early.dueAtMs(performance.now(), this.answeredAtMs, Math.random());
    if (dueAtMs >= this.dueAtMs) return;
    this.early.granted();
    this.schedule(dueAtMs);
  }

  /** What the answer said was worth a question. */
  rewarded(): void {
    this.early.reset();
  }

  private async round(): Promise<void> {
    this.dueAtMs = null;
    const answered = await this.ask(this.ending.signal);
    if (this.ending.signal.aborted) return;
    this.failures = answered ? 0 : this.failures + 1;
    this.answeredAtMs = performance.now();
    this.schedule(this.answeredAtMs + pollDelayMs(this.timing, this.failures, Math.random()));
    if (this.isHurried) this.hurry();
  }

  private schedule(dueAtMs: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.dueAtMs = dueAtMs;
    this.timer = setTimeout(() => this.start(), dueAtMs - performance.now());
  }
}
