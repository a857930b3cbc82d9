// A small plot over time: the last five minutes, with the latest value (or the one that is pointed
// at) in words beside its title.
import './language-guard';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import UPlot from 'uplot';
import { plotOptions } from './plot-options';
import type { Line } from './plot-options';
import { drawingUnit, useSize } from './use-size';

export interface PlotProps {
  readonly title: string;
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  /** Of the drawing, in its unit. */
  readonly height: number;
  /** A bare one has neither scale nor grid. */
  readonly isBare?: boolean;
  readonly base?: 1000 | 1024;
}

export function Plot(props: PlotProps): JSX.Element {
  const { title, times, lines, format, height: units, isBare = false, base = 1000 } = props;
  const [frame, { width }] = useSize<HTMLDivElement>();
  const plot = useRef<UPlot | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const isThere = width > 0;
  const unit = drawingUnit();
  const height = Math.round(units * unit);

  useEffect(() => {
    if (!isThere || frame.current === null) return;
    const options = plotOptions({ lines, format, isBare, base, pointed: setPointed, height, unit });
    const made = new UPlot(options, dataOf(times, lines), frame.current);
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [isThere, isBare, height]);
  useEffect(() => plot.current?.setSize({ width, height }), [width, height, isThere]);
  useEffect(() => plot.current?.setData(dataOf(times, lines)), [times, times.at(-1), lines, isThere]);

  return (
    <figure class={isBare ? 'plot plot-bare' : 'plot'}>
      <figcaption>
        <span class={lines.length > 1 ? 'unseen' : 'plot-title'}>{title}</span>
        {lines.map((line) => (
          <span class="plot-value" data-line={line.look} key={line.label}>
            {lines.length > 1 && <i>{line.label} </i>}
            <b>{valueAt(line, pointed, format)}</b>
          </span>
        ))}
      </figcaption>
      <div
        class="plot-frame"
        ref={frame}
        role="img"
        aria-label={summary(title, lines, format)}
        style={{ height: `${height}px` }}
      />
    </figure>
  );
}

function dataOf(times: readonly number[], lines: readonly Line[]): UPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

function valueAt({ values }: Line, pointed: number | null, format: (value: number) => string): string {
  const value = pointed === null ? values.at(-1) : values[pointed];
  return value === null || value === undefined ? '–' : format(value);
}

/** What a plot shows, for those who do not see it. */
function summary(title: string, lines: readonly Line[], format: (value: number) => string): string {
  const told = lines.map((line) => {
    const known = line.values.filter((value) => value !== null);
    const range =
      known.length === 0
        ? 'unknown'
        : `now ${valueAt(line, null, format)}, at most ${format(Math.max(...known))}`;
    return lines.length > 1 ? `${line.label} ${range}` : range;
  });
  return `${title}, last five minutes: ${told.join('; ')}`;
}
