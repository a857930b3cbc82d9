// One node: a disc with a ring that tells how much of its memory is in use, its reads and writes
// per second inside, its name below. What does not fit the size is left out, the state never.
import type { JSX } from 'preact';
import type { NodeSeen } from '../network/node-seen';
import { count } from './format';
import type { Point } from './layout';
import { cut, shortName, standing } from './words';
import type { Standing } from './words';

/** From these radii on (pixels) there is room for it. */
const ROOM = { rate: 22, number: 8.5, ring: 9 };
/** Of the type in which names are written. */
const CHARACTER_WIDTH = 7.2;
/** Longer names are cut, shorter ones never. */
const NAME_CHARACTERS = { min: 14, max: 20 };

/** Whether nodes of that size tell their rates. */
export function showsRates({ nodeRadius }: { readonly nodeRadius: number }): boolean {
  return nodeRadius >= ROOM.rate;
}

interface GlyphProps {
  readonly node: NodeSeen;
  readonly at: Point;
  readonly radius: number;
  /** For its name, pixels. */
  readonly room: number;
  readonly isSelected: boolean;
  readonly isRecent: boolean;
}

export function NodeGlyph({ node, at, radius, room, isSelected, isRecent }: GlyphProps): JSX.Element {
  const characters = Math.min(NAME_CHARACTERS.max, Math.floor((room - 6) / CHARACTER_WIDTH));
  const hasName = characters >= Math.min(node.name.length, NAME_CHARACTERS.min);
  const { tone, word } = standing(node);
  return (
    <g
      class="node"
      data-tone={tone}
      data-word={word}
      data-self={node.self !== null}
      data-selected={isSelected}
      data-small={radius < ROOM.number}
      transform={`translate(${at.x} ${at.y})`}
    >
      {isRecent && <circle class="node-wave" r={radius * 1.1} />}
      {(isSelected || node.self !== null) && <circle class="node-halo" r={radius * 1.32} />}
      <circle class="node-disc" r={radius} />
      {radius >= ROOM.ring && <Ring node={node} radius={radius * 0.88} />}
      <Inside node={node} radius={radius} hasName={hasName} standing={{ tone, word }} />
      {hasName && <Below node={node} radius={radius} characters={characters} standing={{ tone, word }} />}
    </g>
  );
}

function Ring({ node, radius }: { node: NodeSeen; radius: number }): JSX.Element | null {
  const { digest } = node;
  if (digest === null || node.health === 'dead' || node.health === 'left') return null;
  const share = digest.limitBytes > 0 ? Math.min(1, digest.usedBytes / digest.limitBytes) : 0;
  const round = 2 * Math.PI * radius;
  return (
    <>
      <circle class="node-track" r={radius} stroke-width={radius * 0.13} />
      {share > 0 && (
        <circle
          class="node-share"
          r={radius}
          stroke-width={radius * 0.13}
          stroke-dasharray={`${Math.max(0.012, share) * round} ${round}`}
          transform="rotate(-90)"
        />
      )}
    </>
  );
}

interface PartProps {
  readonly node: NodeSeen;
  readonly radius: number;
  readonly standing: Standing;
}

/** A mark for what is wrong, else the rate, else the number of the node. */
function Inside({
  node,
  radius,
  hasName,
  standing: { tone },
}: PartProps & { hasName: boolean }): JSX.Element | null {
  if (tone === 'bad' || tone === 'gone') return <Cross size={radius * 0.34} />;
  if (radius >= ROOM.rate && hasName && node.digest !== null) {
    const rate = node.digest.writesPerSecond + node.digest.readsPerSecond;
    return (
      <text class="node-rate" y={radius * 0.1} font-size={radius * 0.5}>
        {count(rate)}
        <tspan class="node-unit" x="0" dy={radius * 0.36} font-size={Math.max(9, radius * 0.27)}>
          /s
        </tspan>
      </text>
    );
  }
  if (radius < ROOM.number) return null;
  return (
    <text class="node-number" y={radius * 0.3} font-size={Math.max(8.5, radius * 0.82)}>
      {shortName(node.name, node.port)}
    </text>
  );
}

function Cross({ size }: { size: number }): JSX.Element {
  return (
    <path class="node-cross" d={`M${-size} ${-size}L${size} ${size}M${size} ${-size}L${-size} ${size}`} />
  );
}

function Below({
  node,
  radius,
  characters,
  standing: { tone, word },
}: PartProps & { characters: number }): JSX.Element {
  return (
    <text class="node-name" y={radius * 1.35 + 13}>
      {cut(node.name, characters)}
      <tspan class="node-word" x="0" dy="15">
        {tone === 'well' ? `:${node.port}` : word}
      </tspan>
    </text>
  );
}
