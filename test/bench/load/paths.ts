// The keys that every load generator uses, as request paths.

export const BENCH_KEYS = 1000;

export function benchPaths(): string[] {
  return Array.from({ length: BENCH_KEYS }, (_, index) => `/data/bench-${index}`);
}
