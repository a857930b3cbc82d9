// The figures of the rates bench: medians of the rounds, and what a node reaches of what bare
// Fastify does.
import type { LoadResult } from '../load/load';
import { milliseconds, percent, size, type Report, type Table } from '../report';
import { median } from '../statistics';

export interface Measured extends LoadResult {
  readonly target: 'node' | 'fastify';
  readonly method: 'GET' | 'PUT';
  readonly connections: number;
  readonly valueBytes: number;
  readonly perSecond: number;
  /** Microseconds of CPU per answer: of the process that answers, and of all nodes together. */
  readonly cpuUs: number;
  readonly allCpuUs: number;
}

/** Rounds of the same measurement, of both targets. */
interface Pair {
  readonly name: string;
  readonly method: Measured['method'];
  readonly node: Measured[];
  readonly fastify: Measured[];
}

const TARGETS: Readonly<Record<Measured['method'], string>> = {
  GET: '>= 0.90',
  PUT: 'as Redis + webdis',
};

/** Of a core: above, a row says that the generator may have been the limit. */
const GENERATOR_BOUND = 0.9;

export function ratesReport(all: readonly Measured[], generator: string): Report {
  const pairs = pairsOf(all);
  return {
    tables: [rateTable(pairs, generator), ratioTable(pairs)],
    notes: [
      'CPU/answer: of the process that is asked; all nodes: of the three together',
      `generator-bound: it took more than ${percent(GENERATOR_BOUND)} of a core and may be the limit; the ratio of CPU tells more there than that of rates`,
    ],
    data: { rates: all },
  };
}

function rateTable(pairs: readonly Pair[], generator: string): Table {
  return {
    title: `Medians of the rounds; PUT to a node is acknowledged by all three (${generator})`,
    columns: ['', 'answers/s', 'p50', 'p99', 'CPU/answer', 'all nodes', 'generator CPU', 'not 2xx'],
    bars: ['answers/s'],
    rows: pairs.flatMap(({ name, node, fastify }) => [
      rateRow(`${name}: node`, node),
      rateRow(`${name}: bare Fastify`, fastify),
    ]),
  };
}

function ratioTable(pairs: readonly Pair[]): Table {
  return {
    title: 'Node divided by bare Fastify',
    columns: ['', 'rate', 'answers per CPU second', 'target'],
    bars: ['rate', 'answers per CPU second'],
    rows: pairs.map(({ name, method, node, fastify }) => [
      name,
      (rate(node) / rate(fastify)).toFixed(2),
      (cpu(fastify) / cpu(node)).toFixed(2),
      node[0].valueBytes === 100 ? TARGETS[method] : '-',
    ]),
  };
}

function pairsOf(all: readonly Measured[]): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const measured of all) {
    const { method, connections, valueBytes, target } = measured;
    const name = `${method} ${size(valueBytes)}, ${connections} connection${connections === 1 ? '' : 's'}`;
    const pair = pairs.get(name) ?? { name, method, node: [], fastify: [] };
    pairs.set(name, pair);
    pair[target].push(measured);
  }
  return [...pairs.values()];
}

function rateRow(name: string, rounds: readonly Measured[]): string[] {
  const middle = (pick: (each: Measured) => number): number => median(rounds.map(pick));
  return [
    name,
    Math.round(rate(rounds)).toString(),
    milliseconds(middle((each) => each.p50Ms)),
    milliseconds(middle((each) => each.p99Ms)),
    `${cpu(rounds).toFixed(1)} us`,
    `${middle((each) => each.allCpuUs).toFixed(1)} us`,
    generatorCell(middle((each) => each.generatorCpuMs / (each.seconds * 1000))),
    String(rounds.reduce((sum, each) => sum + each.others, 0)),
  ];
}

function generatorCell(share: number): string {
  return share > GENERATOR_BOUND ? `${percent(share)}, generator-bound` : percent(share);
}

function rate(rounds: readonly Measured[]): number {
  return median(rounds.map((each) => each.perSecond));
}

function cpu(rounds: readonly Measured[]): number {
  return median(rounds.map((each) => each.cpuUs));
}
