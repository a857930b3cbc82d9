// Where each host and each node is drawn. Nothing moves by itself: the places follow from the counts
// alone, so a network that stays the same looks the same on every screen and after every reload.
//
// A host is a circle with its nodes packed inside. The host of the node that tells is in the middle,
// the others are around it on a grid of triangles, the nearest cells first. What is near depends on
// the shape of the area: a wide one is filled sideways, a tall one up and down.

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
}

const NODE_RADIUS_MAX = 42;
const NODE_RADIUS_MIN = 5;
/** Between centres of neighbours, in radii of a node. Below each there is room for its name. */
const SPACING = 3.7;
/** From the outermost centre to the circle of the host. */
const HOST_PAD = 2.7;
/** Between circles of hosts, and above each for its label. */
const HOST_GAP = 1.6;

/**
 * @param counts nodes of each host, the own host first
 * @param width of the area in pixels, as is `height`; `margin` stays free on each side
 */
export function layout(
  counts: readonly number[],
  { width, height, margin }: { width: number; height: number; margin: number },
): Layout {
  const shapes = counts.map((count, index) => packed(count, index === 0));
  const reach = Math.max(0, ...shapes.flat().map(({ x, y }) => Math.hypot(x, y)));
  const radius = reach + HOST_PAD;
  const step = 2 * radius + HOST_GAP;
  const wide = Math.max(1, width - 2 * margin);
  const tall = Math.max(1, height - 2 * margin);
  const centres = cells(counts.length, wide / tall).map(({ x, y }) => ({ x: x * step, y: y * step }));
  const box = boxAround(centres, radius);
  const fit = Math.min(wide / (box.right - box.left), tall / (box.bottom - box.top));
  const scale = Math.max(NODE_RADIUS_MIN / 2, Math.min(NODE_RADIUS_MAX, fit));
  const toX = (x: number): number => width / 2 + (x - (box.left + box.right) / 2) * scale;
  const toY = (y: number): number => height / 2 + (y - (box.top + box.bottom) / 2) * scale;
  return {
    nodeRadius: scale,
    hosts: centres.map((centre, index) => ({
      x: toX(centre.x),
      y: toY(centre.y),
      radius: radius * scale,
      nodes: (shapes[index] ?? []).map(({ x, y }) => ({ x: toX(centre.x + x), y: toY(centre.y + y) })),
    })),
  };
}

/** Up to six on a ring; more around a middle. In units of a node's radius. */
function packed(count: number, isOwn: boolean): Point[] {
  if (count === 1) return [{ x: 0, y: 0 }];
  if (count <= 5 || (count === 6 && !isOwn)) return ring(count);
  return cells(count, 1).map(({ x, y }) => ({ x: x * SPACING, y: y * SPACING }));
}

function ring(count: number): Point[] {
  const radius = SPACING / 2 / Math.sin(Math.PI / count);
  const turn = count === 2 ? Math.PI : -Math.PI / 2;
  return Array.from({ length: count }, (_, index) => {
    const angle = turn + (2 * Math.PI * index) / count;
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

function boxAround(
  centres: readonly Point[],
  radius: number,
): Record<'left' | 'right' | 'top' | 'bottom', number> {
  const xs = centres.map(({ x }) => x);
  const ys = centres.map(({ y }) => y);
  return {
    left: Math.min(0, ...xs) - radius,
    right: Math.max(0, ...xs) + radius,
    top: Math.min(0, ...ys) - radius,
    bottom: Math.max(0, ...ys) + radius,
  };
}
