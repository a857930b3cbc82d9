// The circle around the nodes of one host, with its name above.
import type { JSX } from 'preact';
import type { Host } from '../network/hosts';
import { duration } from './format';
import type { HostPlace } from './layout';

const LABEL_RADIUS_MIN = 34;

interface HostCircleProps {
  readonly host: Host;
  readonly place: HostPlace | undefined;
  /** The only host: there is nothing to tell it from. */
  readonly isAlone: boolean;
}

export function HostCircle({ host, place, isAlone }: HostCircleProps): JSX.Element | null {
  if (place === undefined) return null;
  const { x, y, radius } = place;
  const trip = host.rttMs === null ? '' : ` · ${duration(host.rttMs)}`;
  const hasLabel = !isAlone && radius >= LABEL_RADIUS_MIN;
  return (
    <g class="host" data-own={host.isOwn} data-silent={host.isSilent}>
      <circle cx={x} cy={y} r={radius} />
      {hasLabel && (
        <text x={x} y={y - radius - 7}>
          {host.label}
          <tspan class="host-trip">{host.isSilent ? ' · silent' : trip}</tspan>
        </text>
      )}
    </g>
  );
}
