// Which host ports the platform refuses, which it charges extra for, and where collisions are
// fewest.

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

const single = (...ports: readonly number[]): PortRange[] =>
  ports.map((port) => ({ first: port, last: port }));

export const PORT_MAX = 65_535;

export const BANNED_PORTS: readonly PortRange[] = [
  { first: 16_100, last: 16_299 },
  { first: 26_100, last: 26_299 },
  { first: 30_000, last: 30_099 },
  ...single(8384, 27_017, 22, 23, 25, 53, 123, 161, 512, 513, 3388, 3389, 4444, 5800, 5900, 5901),
];

/** "Enterprise" ports. */
export const SURCHARGED_PORTS: readonly PortRange[] = [
  { first: 0, last: 1023 },
  ...single(8080, 8081, 8443, 6667),
];

export const QUIET_PORTS: PortRange = { first: 31_000, last: 39_999 };

export function isWithin(port: number, ranges: readonly PortRange[]): boolean {
  return ranges.some(({ first, last }) => port >= first && port <= last);
}

/** "16100-16299, 8384". */
export function rangesText(ranges: readonly PortRange[]): string {
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(', ');
}

/** `count` successive ports. */
export function portsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
