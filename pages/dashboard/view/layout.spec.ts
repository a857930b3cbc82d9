import { layout } from './layout';
import type { Layout, Point } from './layout';

const SCREENS = [
  { width: 900, height: 560, margin: 26 },
  { width: 350, height: 420, margin: 26 },
  { width: 1200, height: 700, margin: 26 },
];
const NETWORKS = [
  [1],
  [2],
  [3],
  [3, 3, 3],
  [1, 1],
  Array<number>(10).fill(3),
  [30],
  Array<number>(34).fill(3),
  [20, 80],
];
const CASES = NETWORKS.flatMap((counts) => SCREENS.map((area) => ({ counts, area })));

const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);

function closest(points: readonly Point[]): number {
  const pairs = points.flatMap((one, index) => points.slice(index + 1).map((other) => distance(one, other)));
  return Math.min(Infinity, ...pairs);
}

const nodesOf = ({ hosts }: Layout): Point[] => hosts.flatMap(({ nodes }) => nodes);

describe.each(CASES)('$counts on $area.width by $area.height', ({ counts, area }) => {
  const placed = layout(counts, area);

  it('gives each node a place of its own, apart from all others', () => {
    expect(placed.hosts.map(({ nodes }) => nodes.length)).toEqual(counts);
    expect(closest(nodesOf(placed))).toBeGreaterThan(2.2 * placed.nodeRadius);
  });

  it('keeps hosts apart and inside the area, and nodes inside their host', () => {
    const radius = placed.hosts[0]?.radius ?? 0;
    expect(closest(placed.hosts)).toBeGreaterThan(2 * radius);
    for (const { x, y, nodes } of placed.hosts) {
      expect(Math.min(x, y) - radius).toBeGreaterThanOrEqual(area.margin - 1);
      expect(x + radius).toBeLessThanOrEqual(area.width - area.margin + 1);
      expect(y + radius).toBeLessThanOrEqual(area.height - area.margin + 1);
      for (const node of nodes) expect(distance(node, { x, y }) + placed.nodeRadius).toBeLessThan(radius);
    }
  });
});

it('draws 100 nodes large enough to be seen, and few ones not too large', () => {
  expect(
    layout(Array<number>(34).fill(3), { width: 900, height: 560, margin: 26 }).nodeRadius,
  ).toBeGreaterThan(6);
  expect(layout([1], { width: 3000, height: 2000, margin: 26 }).nodeRadius).toBeLessThan(50);
});

it('is the same for the same network', () => {
  const area = { width: 900, height: 560, margin: 26 };
  expect(layout([3, 3], area)).toEqual(layout([3, 3], area));
});

it('stands an area without size', () => {
  expect(
    nodesOf(layout([3], { width: 0, height: 0, margin: 26 })).every(({ x, y }) => Number.isFinite(x + y)),
  ).toBe(true);
});
