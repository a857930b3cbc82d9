// The circle around the nodes of one host, and its name above.
import type { JSX } from 'preact';
import type { Host } from '../network/hosts';
import { duration } from './format';
import type { HostPlace } from './layout';

const CHARACTER_WIDTH = 6.6;

interface HostProps {
  readonly host: Host;
  readonly place: HostPlace | undefined;
}

export function HostCircle({ host, place }: HostProps): JSX.Element | null {
  if (place === undefined) return null;
  return (
    <g class="host" data-own={host.isOwn} data-silent={host.isSilent}>
      <circle cx={place.x} cy={place.y} r={place.radius} />
    </g>
  );
}

/** As much of it as is not wider than the circle. */
export function HostLabel({ host, place }: HostProps): JSX.Element | null {
  if (place === undefined) return null;
  const { x, y, radius } = place;
  const characters = (2.1 * radius) / CHARACTER_WIDTH;
  const trip = host.rttMs === null ? '' : ` · ${duration(host.rttMs)}`;
  const more = host.isSilent ? ' · silent' : trip;
  if (host.label.length > characters) return null;
  return (
    <text class="host-label" data-silent={host.isSilent} x={x} y={y - radius - 7}>
      {host.label}
      {host.label.length + more.length <= characters && <tspan class="host-trip">{more}</tspan>}
    </text>
  );
}
