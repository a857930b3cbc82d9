// How many lines each kind of event may write: a token bucket per event. So one that repeats
// without end neither fills the disk nor hides the others. What is withheld is counted and told
// once a minute.

export interface Withheld {
  readonly event: string;
  readonly lines: number;
}

export interface EventBudgetOptions {
  /** Called a minute after the first line was withheld, with every event of which some were. */
  readonly onWithheld: (withheld: readonly Withheld[]) => void;
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
}

/** Lines of one event: this many at once, and as many again in each minute. */
export const LINES_PER_MINUTE = 100;
const MINUTE_MS = 60_000;
/** Kinds with a bucket of their own; those that come later share one. More than sources know. */
const KINDS_MAX = 256;
const OTHERS = 'others';

interface Bucket {
  tokens: number;
  filledMs: number;
  withheld: number;
}

export class EventBudget {
  private readonly buckets = new Map<string, Bucket>();
  private report: NodeJS.Timeout | null = null;
  private readonly nowMs: () => number;

  constructor(private readonly options: EventBudgetOptions) {
    this.nowMs = options.nowMs ?? (() => performance.now());
  }

  /** Whether one more line of this event may be written. */
  admits(event: string): boolean {
    const nowMs = this.nowMs();
    const bucket = this.bucketOf(event, nowMs);
    const earned = ((nowMs - bucket.filledMs) * LINES_PER_MINUTE) / MINUTE_MS;
    bucket.tokens = Math.min(LINES_PER_MINUTE, bucket.tokens + earned);
    bucket.filledMs = nowMs;
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return true;
    }
    bucket.withheld += 1;
    this.reportLater();
    return false;
  }

  private bucketOf(event: string, nowMs: number): Bucket {
    const kind = this.buckets.has(event) || this.buckets.size < KINDS_MAX ? event : OTHERS;
    const known = this.buckets.get(kind);
    if (known !== undefined) return known;
    const bucket = { tokens: LINES_PER_MINUTE, filledMs: nowMs, withheld: 0 };
    this.buckets.set(kind, bucket);
    return bucket;
  }

  private reportLater(): void {
    if (this.report !== null) return;
    this.report = setTimeout(() => {
      this.report = null;
      this.tell();
    }, MINUTE_MS);
    this.report.unref();
  }

  private tell(): void {
    const withheld: Withheld[] = [];
    for (const [event, bucket] of this.buckets) {
      if (bucket.withheld > 0) withheld.push({ event, lines: bucket.withheld });
      bucket.withheld = 0;
    }
    this.options.onWithheld(withheld);
  }
}
