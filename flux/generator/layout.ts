// How the ports and nodes of an instance are spread over components. Pure arithmetic.
import { PORTS_PER_COMPONENT_MAX } from '../rules/schema';

export interface ComponentLayout {
  readonly basePort: number;
  readonly hostPort: number;
  readonly ports: number;
  readonly nodes: number;
}

/**
 * As few components as hold the ports, and as even as they get: 10 -> 5+5, 7 -> 4+3. Needs
 * components <= nodes <= ports.
 */
export function layoutOf(instance: ComponentLayout): ComponentLayout[] {
  const components = componentsFor(instance.ports);
  const ports = evenShares(instance.ports, components);
  const nodes = evenShares(instance.nodes, components);
  return ports.map((count, index) => {
    const before = ports.slice(0, index).reduce((sum, each) => sum + each, 0);
    return {
      basePort: instance.basePort + before,
      hostPort: instance.hostPort + before,
      ports: count,
      nodes: nodes[index],
    };
  });
}

export function componentsFor(ports: number): number {
  return Math.ceil(ports / PORTS_PER_COMPONENT_MAX);
}

function evenShares(total: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, index) => Math.floor((total + parts - 1 - index) / parts));
}

/**
 * Enough for 45 MB of data on each node by the formula of docs/operations.md, in the platform's
 * steps; 500 for three nodes.
 */
export function ramFor(nodes: number): number {
  const megabytes = 60 + nodes * (70 + 45 / 0.6);
  return Math.ceil(megabytes / 100) * 100;
}
