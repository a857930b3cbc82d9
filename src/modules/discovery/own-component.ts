// Which components of an application this container may be, and what follows for ports. Pure.
import type { PortPair } from '../../config/addresses';
import type { NodeSettings } from '../../config/settings';
import type { Component } from './platform-answers';

export type PortSettings = Pick<NodeSettings, 'advertisePorts' | 'basePort' | 'maxPorts'>;

/** By the operator's pairs, else by the range. More than one when their ranges overlap. */
export function ownComponents(
  components: readonly Component[],
  settings: PortSettings,
): readonly Component[] {
  if (components.length <= 1) return components;
  const isGiven = (pair: PortPair): boolean =>
    settings.advertisePorts.some(
      (given) => given.hostPort === pair.hostPort && given.containerPort === pair.containerPort,
    );
  const given = components.filter(({ ports }) => ports.some(isGiven));
  if (given.length > 0) return given;
  return components.filter(({ ports }) => {
    return ports.some(({ containerPort }) => isInRange(containerPort, settings));
  });
}

/** Ports of this container that some port of the host leads to. */
export function ownPorts(components: readonly Component[], settings: PortSettings): number[] {
  const own = ownComponents(components, settings).flatMap(({ ports }) => ports);
  const ports = [...settings.advertisePorts, ...own].map(({ containerPort }) => containerPort);
  return [...new Set(ports)].filter((port) => isInRange(port, settings));
}

/**
 * Ports of the host by port of the container. The specification fills in what the operator did not
 * say, unless two may be ours.
 */
export function hostPortsOf(
  components: readonly Component[],
  settings: PortSettings,
): ReadonlyMap<number, number> {
  const own = ownComponents(components, settings);
  const pairs = [...(own.length === 1 ? own[0].ports : []), ...settings.advertisePorts];
  return new Map(pairs.map(({ containerPort, hostPort }) => [containerPort, hostPort]));
}

function isInRange(port: number, { basePort, maxPorts }: PortSettings): boolean {
  return port >= basePort && port < basePort + maxPorts;
}
