// A registry of one node whose metrics keep nothing themselves. Each reads its value when it is
// scraped. So counting stays where things happen, and a node that is not scraped pays nothing.
import { Counter, Gauge, type Histogram, Registry, type Summary } from 'prom-client';
import { figure } from '../../runtime/process-figures';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * A histogram as it stands: `classes` has one number for each bound and one for what exceeds them,
 * not cumulative.
 */
export interface HistogramSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly classes: readonly number[];
  readonly sum: number;
}

/**
 * A number, or one for each combination of labels. Null = it cannot be read now, and the metric is
 * left out.
 */
export type Reading = number | null | readonly Sample[];

export class MetricSet {
  readonly registry = new Registry();

  gauge(name: string, help: string, read: () => Reading, labelNames: string[] = []): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        // prom-client sets what has no labels to 0.
        if (labelNames.length === 0) this.remove();
        for (const { labels, value } of samples(read)) this.set(labels, value);
      },
    });
  }

  counter(name: string, help: string, read: () => Reading, labelNames: string[] = []): void {
    new Counter({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        if (labelNames.length === 0) this.remove();
        for (const { labels, value } of samples(read)) this.inc(labels, value);
      },
    });
  }

  /** Samples carry the label `quantile`, which Prometheus keeps for this type. */
  quantiles(name: string, help: string, read: () => readonly Sample[]): void {
    const get = (): Promise<object> =>
      Promise.resolve({ name, help, type: 'summary', aggregator: 'average', values: read() });
    this.registry.registerMetric({ name, help, get } as unknown as Summary);
  }

  /** @param bounds inclusive upper bounds, ascending, in the unit of the name */
  histogram(name: string, help: string, bounds: readonly number[], read: () => HistogramSample[]): void {
    const get = (): Promise<object> =>
      Promise.resolve({
        name,
        help,
        type: 'histogram',
        aggregator: 'sum',
        values: (figure(read) ?? []).flatMap((sample) => histogramLines(name, bounds, sample)),
      });
    // prom-client's own Histogram only takes single observations. A registry asks no more of a
    // metric than this.
    this.registry.registerMetric({ name, help, get } as unknown as Histogram);
  }
}

/** One sample for each value that a label can have. */
export function oneOf<T extends string>(
  label: string,
  names: readonly T[],
  value: (name: T) => number,
): Sample[] {
  return names.map((name) => ({ labels: { [label]: name }, value: value(name) }));
}

/** One figure that fails must not take all others along. */
function samples(read: () => Reading): readonly Sample[] {
  const reading = figure(read);
  if (reading === null) return [];
  return typeof reading === 'number' ? [{ labels: {}, value: reading }] : reading;
}

function histogramLines(
  name: string,
  bounds: readonly number[],
  { labels, classes, sum }: HistogramSample,
): object[] {
  let count = 0;
  const buckets = classes.map((inClass, at) => {
    count += inClass;
    const le = at < bounds.length ? String(bounds[at]) : '+Inf';
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
