// How often a peer whose root differs is compared with. Two members that never become equal,
// because one is full, must not exchange their leaves for ever: each comparison that brought
// nothing new doubles the wait for the next.
import { TIMING } from '../base/settings';

/** How often in a row what differs may be left alone because pieces of something come. */
const PUT_OFF_MAX = 3;

export class ComparisonPace {
  private fruitless = 0;
  private putOff = 0;
  private dueAtMs = -Infinity;

  isDue(nowMs: number): boolean {
    return nowMs >= this.dueAtMs;
  }

  /** Pieces come that may be what differs: whether to look again at the next comparison instead. */
  putsOff(isReceiving: boolean): boolean {
    this.putOff = isReceiving && this.putOff < PUT_OFF_MAX ? this.putOff + 1 : 0;
    return this.putOff > 0;
  }

  /** A comparison ended; `news` versions came of it. */
  ended(news: number, nowMs: number): void {
    this.fruitless = news > 0 ? 0 : this.fruitless + 1;
    const waitMs = TIMING.rootCompareMs * 2 ** Math.min(this.fruitless, TIMING.fruitlessDoublings);
    this.dueAtMs = news > 0 ? -Infinity : nowMs + waitMs;
  }

  reset(): void {
    this.fruitless = 0;
    this.dueAtMs = -Infinity;
  }
}
