// REPRAM_ADVERTISE_PORTS: which host port leads to which container port.
import type { PortPair } from './spec-view';

/** "8081:38081,8082:38082". */
export function portMapText(pairs: readonly PortPair[]): string {
  return pairs.map(({ container, host }) => `${container}:${host}`).join(',');
}

/** Host port by container port; null when the text is no such list. */
export function advertisedPorts(text: string): ReadonlyMap<number, number> | null {
  const pairs = text.split(',').map((item) => /^\s*(\d{1,5}):(\d{1,5})\s*$/.exec(item));
  if (pairs.some((pair) => pair === null)) return null;
  return new Map(pairs.filter((pair) => pair !== null).map(([, from, to]) => [Number(from), Number(to)]));
}
