// How long after the last start every node has a link to every other.
import { spread, type Figure, type FigureOptions, type Row } from './figure';
import { Fleet, type Plan } from './fleet';

const RUNS = 1000;
const SIZES = [3, 5, 10];
/** Random starts are spread over this. */
const SPREAD_MS = 1500;

export const FORMATION_FIGURE: Figure = {
  name: 'formation',
  what: 'N nodes of one host started at once, and in random order within 1.5 s; time from the last start until all links are up',
  *measure({ runs, sizes }: FigureOptions): Iterable<Row> {
    for (const size of sizes ?? SIZES) {
      yield row(`${size} nodes at once`, runs ?? RUNS, { hosts: [size], startSpreadMs: 0 });
      yield row(`${size} nodes, random starts`, runs ?? RUNS, { hosts: [size], startSpreadMs: SPREAD_MS });
    }
    const acrossHosts = { hosts: [3, 3, 3], startSpreadMs: SPREAD_MS };
    if (sizes === null) yield row('3 nodes on each of 3 hosts, random starts', runs ?? RUNS, acrossHosts);
  },
};

function row(what: string, runs: number, plan: Plan): Row {
  const samples = Array.from({ length: runs }, (_, i) => new Fleet(plan, i + 1).form());
  return { what, measured: spread(samples) };
}
