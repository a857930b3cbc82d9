// The keys that every load generator uses, as targets of requests.

const KEYS_MAX = 1000;
/** Of all values together, and of what a generator may prepare for all its connections. */
const VALUES_BYTES_MAX = 64_000_000;
const PREPARED_BYTES_MAX = 512_000_000;
const TTL_SECONDS = 86_400;

export type Method = 'GET' | 'PUT';
/** How a server wants to be asked: as ours, or as webdis, which puts HTTP in front of Redis. */
export type Dialect = 'repram' | 'webdis';

/** How many keys there are to read of values of this size, or to write over so many connections. */
export function benchKeys(valueBytes: number, connections = 1): number {
  const fit = Math.min(VALUES_BYTES_MAX / valueBytes, PREPARED_BYTES_MAX / (valueBytes * connections));
  return Math.max(1, Math.min(KEYS_MAX, Math.floor(fit)));
}

export function benchPaths(method: Method, keys: number, dialect: Dialect = 'repram'): string[] {
  return Array.from({ length: keys }, (_, index) => pathOf(method, `bench-${index}`, dialect));
}

function pathOf(method: Method, key: string, dialect: Dialect): string {
  if (dialect === 'webdis') return method === 'GET' ? `/GET/${key}.txt` : `/SETEX/${key}/${TTL_SECONDS}`;
  return method === 'GET' ? `/data/${key}` : `/data/${key}?ttl=${TTL_SECONDS}`;
}
