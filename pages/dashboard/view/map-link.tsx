// One link, from the node that tells to another one.
import type { JSX } from 'preact';
import type { NodeSeen } from '../network/node-seen';
import { duration } from './format';
import type { Point } from './layout';
import { standing } from './words';

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
  const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
  const along = (distance: number): Point => ({
    x: from.x + ((to.x - from.x) * distance) / length,
    y: from.y + ((to.y - from.y) * distance) / length,
  });
  const [start, end] = [along(1.35 * radius), along(length - 1.35 * radius)];
  const middle = along(length / 2);
  const rttMs = node.peer?.rttMs ?? null;
  const { tone, word } = standing(node);
  const hasRoom = length - 2.7 * radius > 44;
  return (
    <g class="link" data-tone={tone} data-word={word} data-selected={isSelected}>
      <line x1={start.x} y1={start.y} x2={end.x} y2={end.y} />
      {isTold && hasRoom && rttMs !== null && tone !== 'bad' && tone !== 'gone' && (
        <text x={middle.x} y={middle.y + 4}>
          {duration(rttMs)}
        </text>
      )}
    </g>
  );
}
