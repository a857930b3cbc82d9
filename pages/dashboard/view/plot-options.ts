// How every plot is drawn. Colours are those of the page, read when they are needed, so that a
// change of the colour scheme shows with the next reading.
import type UPlot from 'uplot';

export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** `main` is filled below; `second` is a line alone. */
  readonly look: 'main' | 'second';
}

interface Wishes {
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  readonly isBare: boolean;
  /** Scales end at whole multiples of this and its powers. */
  readonly base: 1000 | 1024;
  readonly height: number;
  /** Pixels for each unit of the drawing. */
  readonly unit: number;
  readonly pointed: (index: number | null) => void;
}

const WINDOW_SECONDS = 300;
const SCALE_WIDTH = 56;

export function plotOptions({ lines, format, isBare, base, height, unit, pointed }: Wishes): UPlot.Options {
  return {
    width: 10,
    height,
    padding: isBare ? [3, 0, 1, 0] : [8 * unit, 2, 6 * unit, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (_plot, _first, last) => [last - WINDOW_SECONDS, last] },
      y: { range: (_plot, lowest, highest) => rangeOf(lowest, highest, base) },
    },
    axes: isBare ? [{ show: false }, { show: false }] : [{ show: false }, valueAxis(format, unit)],
    series: [{}, ...lines.map(seriesOf)],
    hooks: { setCursor: [(plot) => pointed(plot.cursor.idx ?? null)] },
  };
}

function valueAxis(format: (value: number) => string, unit: number): UPlot.Axis {
  return {
    size: SCALE_WIDTH * unit,
    gap: 6,
    font: `${11 * unit}px system-ui, sans-serif`,
    stroke: () => colour('--ink-old'),
    grid: { stroke: () => colour('--line'), width: 1 },
    ticks: { show: false },
    splits: (_plot, _axis, lowest, highest) => [lowest, (lowest + highest) / 2, highest],
    values: (_plot, splits) => splits.map((value, index) => (index === 1 ? '' : format(value))),
  };
}

function seriesOf({ look }: Line): UPlot.Series {
  const line = { width: 1.5, points: { show: false }, spanGaps: false };
  if (look === 'second') return { ...line, stroke: () => colour('--second') };
  return { ...line, stroke: () => colour('--accent'), fill: () => colour('--accent-haze') };
}

/**
 * From 0 where nothing is below it. A line that is flat at 0 lies on the ground, and one that is
 * steady does not fill the plot.
 */
export function rangeOf(lowest: number | null, highest: number | null, base: number): [number, number] {
  const [low, high] = [Math.min(0, lowest ?? 0), Math.max(0, highest ?? 0)];
  if (low === 0 && high === 0) return [0, 1];
  return [low === 0 ? 0 : -roomFor(-low, base), roomFor(high, base)];
}

/**
 * A little more, to 5 of the second digit, so that the scale does not shiver with every reading.
 */
function roomFor(size: number, base: number): number {
  if (size === 0) return 0;
  const unit = base ** Math.floor(Math.log(size * 1.1) / Math.log(base));
  const step = 5 * 10 ** (Math.floor(Math.log10((size * 1.1) / unit)) - 1);
  return Math.ceil((size * 1.1) / unit / step) * step * unit;
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}
