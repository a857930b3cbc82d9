// The keys that every load generator uses, as request paths.

const KEYS_MAX = 1000;
/** Of all values together, and of what a generator may prepare for all its connections. */
const VALUES_BYTES_MAX = 64_000_000;
const PREPARED_BYTES_MAX = 512_000_000;

/** How many keys there are to read of values of this size, or to write over so many connections. */
export function benchKeys(valueBytes: number, connections = 1): number {
  const fit = Math.min(VALUES_BYTES_MAX / valueBytes, PREPARED_BYTES_MAX / (valueBytes * connections));
  return Math.max(1, Math.min(KEYS_MAX, Math.floor(fit)));
}

export function benchPaths(keys: number): string[] {
  return Array.from({ length: keys }, (_, index) => `/data/bench-${index}`);
}
