// Asks again and again: after each answer in about a period, after failures soon and then ever more rarely. One question at
// a time; stopping ends the one under way.

export interface PollTiming {
  /** Milliseconds between an answer and the next question. */
  readonly periodMs: number;
  /** After the first failure; doubles with each further one up to `retryMaxMs`. */
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
  private failures = 0;
  private timer: NodeJS.Timeout | null = null;

  /** `ask` says whether it was answered, and never rejects. */
  constructor(
    private readonly ask: (stop: AbortSignal) => Promise<boolean>,
    private readonly timing: PollTiming,
  ) {}

  start(): void {
    void this.round();
  }

  stop(): void {
    this.ending.abort();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async round(): Promise<void> {
    const answered = await this.ask(this.ending.signal);
    if (this.ending.signal.aborted) return;
    this.failures = answered ? 0 : this.failures + 1;
    const delayMs = pollDelayMs(this.timing, this.failures, Math.random());
    this.timer = setTimeout(() => this.start(), delayMs);
  }
}
