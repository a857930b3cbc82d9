// The figures of the quick bench: medians of the ratios of pairs, beside the ones written down.
import { percent, type Report } from '../report';
import { quartiles } from '../statistics';

export interface QuickPair {
  readonly method: 'GET' | 'PUT';
  /** Microseconds of CPU for one answer: of the three nodes together, and of bare node:http. */
  readonly nodeCpuUs: number;
  readonly bareCpuUs: number;
}

/** What was measured when it was written down (docs/benchmarks.md says where). */
export type Baseline = Readonly<Record<QuickPair['method'], number>>;

/**
 * Above the baseline by more than this, someone should look. The ratio itself moves by half of it
 * from run to run.
 */
const EXCESS_MAX = 0.1;

export function quickReport(pairs: readonly QuickPair[], baseline: Baseline, generator: string): Report {
  const methods = ['GET', 'PUT'] as const;
  const rows = methods.map((method) => {
    const ratios = pairs.filter((pair) => pair.method === method).map(ratioOf);
    const [low, middle, high] = quartiles(ratios);
    const excess = middle / baseline[method] - 1;
    return [
      method,
      `${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
      baseline[method].toFixed(2),
      `${excess > 0 ? '+' : ''}${percent(excess)}${excess > EXCESS_MAX ? ', look at it' : ''}`,
    ];
  });
  return {
    tables: [
      {
        title: `CPU of an answer, divided by that of bare node:http: median and quartiles of the pairs (${generator})`,
        columns: ['', 'measured', 'written down', 'difference'],
        rows,
      },
    ],
    notes: [
      'PUT: acknowledged by all three nodes, whose CPU time is added up; bare node:http keeps one copy',
    ],
    data: { quick: pairs },
  };
}

function ratioOf({ nodeCpuUs, bareCpuUs }: QuickPair): number {
  return nodeCpuUs / bareCpuUs;
}
