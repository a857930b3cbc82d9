// The ports nodes claim, on one address. Pure.
import type { Endpoint } from '../../runtime/node-view';

export function portRange(address: string, basePort: number, maxPorts: number): Endpoint[] {
  return Array.from({ length: maxPorts }, (_, offset) => ({ address, port: basePort + offset })).filter(
    ({ port }) => port <= 65_535,
  );
}
