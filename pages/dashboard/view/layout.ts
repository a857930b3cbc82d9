// Where each host and each node is drawn. Nothing moves by itself: the places follow from the
// counts alone, so a network that stays the same looks the same on every screen and after every
// reload.
//
// A host is a circle with its nodes packed inside. The host of the node that tells is in the
// middle, the others are around it on a grid of triangles, the nearest cells first. What is near
// depends on the shape of the area: a wide one is filled sideways, a tall one up and down.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface HostPlace extends Point {
  readonly radius: number;
  /** In the order in which the nodes were given. */
  readonly nodes: readonly Point[];
}

export interface Layout {
  readonly hosts: readonly HostPlace[];
  readonly nodeRadius: number;
  /** Between the centres of neighbouring nodes: the room that a name has. */
  readonly spacing: number;
}

export interface Area {
  readonly width: number;
  readonly height: number;
  /** Stays free on each side. */
  readonly margin: number;
}

const NODE_RADIUS_MAX = 42;
const NODE_RADIUS_MIN = 2.5;
/** Between centres of neighbours, in radii of a node: few have room for what links tell. */
const SPACING = { few: 5.4, many: 3.7 };
const FEW = 5;
/** From the outermost centre to the circle of the host. */
const HOST_PAD = 2.7;
/** Between circles of hosts, and above each for its label. */
const HOST_GAP = 1.8;

/** @param counts nodes of each host, the own host first */
export function layout(counts: readonly number[], { width, height, margin }: Area): Layout {
  const spacing = Math.max(0, ...counts) <= FEW ? SPACING.few : SPACING.many;
  const shapes = counts.map((count) => packed(count, spacing));
  const reach = Math.max(0, ...shapes.flat().map(({ x, y }) => Math.hypot(x, y)));
  const radius = reach + HOST_PAD;
  const wide = Math.max(1, width - 2 * margin);
  const tall = Math.max(1, height - 2 * margin);
  const { centres, box, fit } = arranged(counts.length, radius, wide, tall);
  const scale = Math.max(NODE_RADIUS_MIN, Math.min(NODE_RADIUS_MAX, fit));
  const toX = (x: number): number => width / 2 + (x - (box.left + box.right) / 2) * scale;
  const toY = (y: number): number => height / 2 + (y - (box.top + box.bottom) / 2) * scale;
  return {
    nodeRadius: scale,
    spacing: spacing * scale,
    hosts: centres.map((centre, index) => ({
      x: toX(centre.x),
      y: toY(centre.y),
      radius: radius * scale,
      nodes: (shapes[index] ?? []).map(({ x, y }) => ({ x: toX(centre.x + x), y: toY(centre.y + y) })),
    })),
  };
}

interface Arrangement {
  readonly centres: readonly Point[];
  readonly box: Record<'left' | 'right' | 'top' | 'bottom', number>;
  /** Pixels for a node's radius with which all fits. */
  readonly fit: number;
}

/** Of some ways to place the hosts the one that shows them largest. */
function arranged(many: number, radius: number, wide: number, tall: number): Arrangement {
  const step = 2 * radius + HOST_GAP;
  const ways = SHAPES.map((shape) => cells(many, (wide / tall) * shape));
  const tried = [...ways, ...(many <= FEW ? [ring(many, 1)] : [])].map((cell): Arrangement => {
    const centres = cell.map(({ x, y }) => ({ x: x * step, y: y * step }));
    const box = boxAround(centres, radius);
    return { centres, box, fit: Math.min(wide / (box.right - box.left), tall / (box.bottom - box.top)) };
  });
  return tried.reduce((best, each) => (each.fit > best.fit * 1.001 ? each : best));
}

/** Flatter and steeper than the area. */
const SHAPES = [1, 0.6, 0.75, 1.3, 1.7];

/** Few on a ring, the first one at its left; more around a middle. In radii of a node. */
function packed(count: number, spacing: number): Point[] {
  if (count <= FEW) return ring(count, spacing);
  return cells(count, 1).map(({ x, y }) => ({ x: x * spacing, y: y * spacing }));
}

function ring(count: number, spacing: number): Point[] {
  if (count <= 1) return [{ x: 0, y: 0 }].slice(0, count);
  const radius = spacing / 2 / Math.sin(Math.PI / count);
  return Array.from({ length: count }, (_, index) => {
    const angle = Math.PI + (2 * Math.PI * index) / count;
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
}

/** The `count` points of a grid of triangles with side 1 that are nearest to its origin. */
function cells(count: number, aspect: number): Point[] {
  const steps = Math.ceil(Math.sqrt(count)) * Math.ceil(Math.max(aspect, 1 / aspect)) + 1;
  const turned = aspect < 1;
  const found: { x: number; y: number; far: number }[] = [];
  for (let row = -steps; row <= steps; row++) {
    for (let column = -steps; column <= steps; column++) {
      const along = column + (row % 2 === 0 ? 0 : 0.5);
      const across = row * Math.sqrt(0.75);
      const [x, y] = turned ? [across, along] : [along, across];
      found.push({ x, y, far: Math.hypot(x / aspect, y) });
    }
  }
  return found
    .sort((one, other) => one.far - other.far || one.y - other.y || one.x - other.x)
    .slice(0, count)
    .map(({ x, y }) => ({ x, y }));
}

function boxAround(centres: readonly Point[], radius: number): Arrangement['box'] {
  const xs = centres.map(({ x }) => x);
  const ys = centres.map(({ y }) => y);
  return {
    left: Math.min(...xs) - radius,
    right: Math.max(...xs) + radius,
    top: Math.min(...ys) - radius,
    bottom: Math.max(...ys) + radius,
  };
}
