// Links: lines from the node that tells to others.
import type { JSX } from 'preact';
import type { NodeSeen } from '../network/node-seen';
import type { Host } from '../network/hosts';
import { duration } from './format';
import type { HostPlace, Point } from './layout';
import { standing } from './words';

/** What a round trip needs on its line, pixels. */
const LABEL_ROOM = 78;

interface LinkProps {
  readonly node: NodeSeen;
  readonly from: Point;
  readonly to: Point;
  /** Of a node. The line begins and ends outside of both. */
  readonly radius: number;
  /** Whether its round trip is written on it. */
  readonly isTold: boolean;
  readonly isSelected: boolean;
}

export function LinkLine({ node, from, to, radius, isTold, isSelected }: LinkProps): JSX.Element {
  const { length, along } = way(from, to);
  const [start, end] = [along(1.35 * radius), along(length - 1.35 * radius)];
  const middle = along(length / 2);
  const rttMs = node.peer?.rttMs ?? null;
  const { tone, word } = standing(node);
  const isHeard = tone !== 'bad' && tone !== 'gone';
  const hasRoom = length - 2.7 * radius > LABEL_ROOM;
  return (
    <g class="link" data-tone={tone} data-word={word} data-selected={isSelected}>
      <line x1={start.x} y1={start.y} x2={end.x} y2={end.y} />
      {isTold && hasRoom && isHeard && rttMs !== null && (
        <text x={middle.x} y={middle.y + 4}>
          {duration(rttMs)}
        </text>
      )}
    </g>
  );
}

interface TrunkProps {
  readonly host: Host;
  readonly from: Point;
  readonly to: HostPlace | undefined;
  readonly radius: number;
}

/** To all nodes of another host. It ends at the circle around them. */
export function TrunkLine({ host, from, to, radius }: TrunkProps): JSX.Element | null {
  if (to === undefined) return null;
  const { length, along } = way(from, to);
  const [start, end] = [along(1.35 * radius), along(length - to.radius)];
  return (
    <g class="link trunk" data-tone={host.isSilent ? 'bad' : 'well'}>
      <line x1={start.x} y1={start.y} x2={end.x} y2={end.y} />
    </g>
  );
}

interface Way {
  readonly length: number;
  /** The point that far from the beginning. */
  readonly along: (distance: number) => Point;
}

function way(from: Point, to: Point): Way {
  const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
  return {
    length,
    along: (distance) => ({
      x: from.x + ((to.x - from.x) * distance) / length,
      y: from.y + ((to.y - from.y) * distance) / length,
    }),
  };
}
