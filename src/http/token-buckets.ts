// A token bucket per client: `perSecond` requests on average, twice that in a burst. The map is
// bounded. When it is full, buckets that have refilled go first, because they say nothing. Then the
// oldest go.

interface Bucket {
  tokens: number;
  atMs: number;
}

const BUCKETS_MAX = 10_000;
/**
 * Buckets looked at to find one that can go. It keeps a flood of addresses from slowing each
 * request.
 */
const EVICTION_LOOKS = 32;

export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  /** @param perSecond refill rate, above 0; the burst is twice that */
  constructor(
    private readonly perSecond: number,
    private readonly bucketsMax = BUCKETS_MAX,
  ) {}

  get size(): number {
    return this.buckets.size;
  }

  /** 0 when the request may pass, else the seconds after which one would. */
  take(client: string, nowMs: number): number {
    const bucket = this.buckets.get(client) ?? this.open(client, nowMs);
    this.refill(bucket, nowMs);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 0;
    }
    return (1 - bucket.tokens) / this.perSecond;
  }

  private open(client: string, nowMs: number): Bucket {
    if (this.buckets.size >= this.bucketsMax) this.evict(nowMs);
    const bucket = { tokens: 2 * this.perSecond, atMs: nowMs };
    this.buckets.set(client, bucket);
    return bucket;
  }

  private refill(bucket: Bucket, nowMs: number): void {
    const gained = (Math.max(0, nowMs - bucket.atMs) / 1000) * this.perSecond;
    bucket.tokens = Math.min(2 * this.perSecond, bucket.tokens + gained);
    bucket.atMs = nowMs;
  }

  private evict(nowMs: number): void {
    let oldest: string | null = null;
    let looked = 0;
    for (const [client, bucket] of this.buckets) {
      oldest ??= client;
      this.refill(bucket, nowMs);
      if (bucket.tokens >= 2 * this.perSecond) {
        this.buckets.delete(client);
        return;
      }
      looked += 1;
      if (looked >= EVICTION_LOOKS) break;
    }
    if (oldest !== null) this.buckets.delete(oldest);
  }
}
