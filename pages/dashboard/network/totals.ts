// The whole network in a few figures, second after second.
import { isLive } from './node-seen';
import type { NodeSeen } from './node-seen';
import { READINGS_MAX } from './history';

export interface Totals {
  readonly live: number;
  readonly known: number;
  /** Every node holds every key, so this is what the fullest one has. */
  readonly keys: number;
  /** Of the node with the smallest part of its memory left. */
  readonly usedBytes: number;
  readonly limitBytes: number;
  readonly writes: number;
  readonly reads: number;
  readonly missing: number;
}

export function totalsOf(nodes: readonly NodeSeen[]): Totals {
  const live = nodes.filter(isLive);
  const digests = live.map(({ digest }) => digest).filter((digest) => digest !== null);
  const sum = (of: (digest: (typeof digests)[number]) => number): number =>
    digests.reduce((total, digest) => total + of(digest), 0);
  const [fullest] = [...digests].sort(
    (one, other) => other.usedBytes / other.limitBytes - one.usedBytes / one.limitBytes,
  );
  return {
    live: live.length,
    known: nodes.length,
    keys: Math.max(0, ...digests.map(({ keys }) => keys)),
    usedBytes: fullest?.usedBytes ?? 0,
    limitBytes: fullest?.limitBytes ?? 0,
    writes: sum(({ writesPerSecond }) => writesPerSecond),
    reads: sum(({ readsPerSecond }) => readsPerSecond),
    missing: sum(({ missingWrites }) => missingWrites),
  };
}

export type TotalFigure = 'writes' | 'reads' | 'keys' | 'missing' | 'usedBytes';
const TOTAL_FIGURES: readonly TotalFigure[] = ['writes', 'reads', 'keys', 'missing', 'usedBytes'];

/** The totals of the last minutes; bounded like those of each node. */
export class TotalsHistory {
  readonly times: number[] = [];
  private readonly series = new Map<TotalFigure, number[]>(TOTAL_FIGURES.map((figure) => [figure, []]));

  add(atMs: number, totals: Totals): void {
    this.times.push(atMs / 1000);
    for (const [figure, values] of this.series) values.push(totals[figure]);
    if (this.times.length <= READINGS_MAX) return;
    this.times.shift();
    for (const values of this.series.values()) values.shift();
  }

  of(figure: TotalFigure): readonly number[] {
    return this.series.get(figure) ?? [];
  }
}
