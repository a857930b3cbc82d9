// The figures of the paired bench: medians of each side, and the quartiles of the ratios of its
// pairs.
import { milliseconds, size, type Report, type Table } from '../report';
import { median, quartiles } from '../statistics';

export type Side = 'ours' | 'theirs';

/** One side's share of a pair. */
export interface Window {
  readonly perSecond: number;
  /** Microseconds of CPU per answer, of all nodes together. */
  readonly cpuUs: number;
  readonly p99Ms: number;
  /** Not answered with 2xx. */
  readonly others: number;
}

export interface PairedRound extends Readonly<Record<Side, Window>> {
  readonly method: 'GET' | 'PUT';
  readonly connections: number;
  readonly valueBytes: number;
}

/** What a change may cost before someone must decide about it. */
const LOSS_MAX = 0.03;

export function pairedReport(rounds: readonly PairedRound[], generator: string, against: string): Report {
  const groups = groupsOf(rounds);
  return {
    tables: [sidesTable(groups, generator), ratiosTable(groups)],
    notes: [
      `ours: the build measured; theirs: ${against}`,
      'CPU/answer: of the three nodes together; the ratio of CPU is the steadier one on a busy machine',
    ],
    data: { paired: rounds },
  };
}

type Group = readonly [name: string, rounds: readonly PairedRound[]];

function groupsOf(rounds: readonly PairedRound[]): Group[] {
  const groups = new Map<string, PairedRound[]>();
  for (const round of rounds) {
    const { method, valueBytes, connections } = round;
    const name = `${method} ${size(valueBytes)}, ${connections} connection${connections === 1 ? '' : 's'}`;
    groups.set(name, [...(groups.get(name) ?? []), round]);
  }
  return [...groups];
}

function sidesTable(groups: readonly Group[], generator: string): Table {
  const row = (name: string, windows: readonly Window[]): string[] => [
    name,
    String(Math.round(median(windows.map((each) => each.perSecond)))),
    milliseconds(median(windows.map((each) => each.p99Ms))),
    `${median(windows.map((each) => each.cpuUs)).toFixed(1)} us`,
    String(windows.reduce((sum, each) => sum + each.others, 0)),
  ];
  return {
    title: `Medians of the rounds (${generator})`,
    columns: ['', 'answers/s', 'p99', 'CPU/answer', 'not 2xx'],
    bars: ['answers/s'],
    rows: groups.flatMap(([name, rounds]) => [
      row(
        `${name}: ours`,
        rounds.map(({ ours }) => ours),
      ),
      row(
        `${name}: theirs`,
        rounds.map(({ theirs }) => theirs),
      ),
    ]),
  };
}

function ratiosTable(groups: readonly Group[]): Table {
  const cells = (ratios: readonly number[]): string => {
    const [low, middle, high] = quartiles(ratios);
    return `${middle.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  };
  return {
    title: `Ours divided by theirs, pair by pair: median and quartiles; a loss above ${LOSS_MAX * 100} % is to be decided about`,
    columns: ['', 'pairs', 'rate', 'answers per CPU second'],
    rows: groups.map(([name, rounds]) => [
      name,
      String(rounds.length),
      cells(rounds.map(({ ours, theirs }) => ours.perSecond / theirs.perSecond)),
      cells(rounds.map(({ ours, theirs }) => theirs.cpuUs / ours.cpuUs)),
    ]),
  };
}
