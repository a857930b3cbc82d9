// How often a node may turn to addresses where no peer has ever been, however many of them a source
// or a member names: a token bucket. Without it a list of thousands would make of every node a
// scanner of other people's ports.

export interface BudgetOptions {
  readonly perSecond: number;
  /** What may be spent at once after a quiet time. */
  readonly burst: number;
}

export class DialBudget {
  private left: number;

  constructor(
    private readonly options: BudgetOptions,
    private atMs: number,
  ) {
    this.left = options.burst;
  }

  /** Takes `count` (at most the burst), or nothing. */
  take(count: number, nowMs: number): boolean {
    this.refill(nowMs);
    if (this.left < count) return false;
    this.left -= count;
    return true;
  }

  /** When there will be `count`, if nobody takes any before. */
  nextAtMs(count: number, nowMs: number): number {
    this.refill(nowMs);
    return nowMs + Math.ceil(Math.max(0, count - this.left) * (1000 / this.options.perSecond));
  }

  private refill(nowMs: number): void {
    const { perSecond, burst } = this.options;
    this.left = Math.min(burst, this.left + (Math.max(0, nowMs - this.atMs) * perSecond) / 1000);
    this.atMs = Math.max(this.atMs, nowMs);
  }
}
