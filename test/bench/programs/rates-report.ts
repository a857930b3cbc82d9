// The figures of the rates bench: medians of the rounds, and what a node reaches of what servers
// without a product do.
import type { Measured, Rival } from '../load/targets';
import { milliseconds, percent, size, type Report, type Table } from '../report';
import { median } from '../statistics';

/** Rounds of the same measurement, of all targets. */
type Group = Readonly<Record<Measured['target'], Measured[]>> & {
  readonly name: string;
  readonly method: Measured['method'];
};

const NAMES: Readonly<Record<Rival, string>> = {
  fastify: 'bare Fastify',
  http: 'bare node:http',
  webdis: 'webdis, Redis and two replicas',
};
const RIVALS = Object.keys(NAMES) as Rival[];
/** Of the rate, with 100 bytes. */
const WANTED: Readonly<Record<Rival, Readonly<Record<Measured['method'], string>>>> = {
  fastify: { GET: '>= 0.90', PUT: '-' },
  http: { GET: '>= 0.90', PUT: '-' },
  webdis: { GET: '>= 1.00', PUT: '>= 0.75' },
};

/** Of a core: above, a row says that the generator may have been the limit. */
const GENERATOR_BOUND = 0.9;

export function ratesReport(all: readonly Measured[], generator: string): Report {
  const groups = groupsOf(all);
  return {
    tables: [
      rateTable(groups, generator),
      ...measuredRivals(groups).map((rival) => ratioTable(groups, rival)),
    ],
    notes: [
      'CPU/answer: of the process that is asked; all processes: of the three nodes, or of webdis and three Redis, together',
      `generator-bound: it took more than ${percent(GENERATOR_BOUND)} of a core and may be the limit; the ratio of CPU tells more there than that of rates`,
    ],
    data: { rates: all },
  };
}

function rateTable(groups: readonly Group[], generator: string): Table {
  return {
    title: `Medians of the rounds; PUT to a node is acknowledged by all three (${generator})`,
    columns: ['', 'answers/s', 'p50', 'p99', 'CPU/answer', 'all processes', 'generator CPU', 'not 2xx'],
    bars: ['answers/s'],
    rows: groups.flatMap((group) => [
      rateRow(`${group.name}: node`, group.node),
      ...measuredRivals([group]).map((rival) => rateRow(`${group.name}: ${NAMES[rival]}`, group[rival])),
    ]),
  };
}

function measuredRivals(groups: readonly Group[]): Rival[] {
  return RIVALS.filter((rival) => groups.every((group) => group[rival].length > 0));
}

function ratioTable(groups: readonly Group[], rival: Rival): Table {
  return {
    title: `Node divided by ${NAMES[rival]}`,
    columns: ['', 'rate', 'answers per CPU second of all processes', 'target for the rate'],
    bars: ['rate', 'answers per CPU second of all processes'],
    rows: groups.map((group) => [
      group.name,
      (rate(group.node) / rate(group[rival])).toFixed(2),
      (allCpu(group[rival]) / allCpu(group.node)).toFixed(2),
      group.node[0].valueBytes === 100 ? WANTED[rival][group.method] : '-',
    ]),
  };
}

function groupsOf(all: readonly Measured[]): Group[] {
  const groups = new Map<string, Group>();
  for (const measured of all) {
    const { method, connections, valueBytes, target } = measured;
    const name = `${method} ${size(valueBytes)}, ${connections} connection${connections === 1 ? '' : 's'}`;
    const group = groups.get(name) ?? { name, method, node: [], fastify: [], http: [], webdis: [] };
    groups.set(name, group);
    group[target].push(measured);
  }
  return [...groups.values()];
}

function rateRow(name: string, rounds: readonly Measured[]): string[] {
  const middle = (pick: (each: Measured) => number): number => median(rounds.map(pick));
  return [
    name,
    Math.round(rate(rounds)).toString(),
    milliseconds(middle((each) => each.p50Ms)),
    milliseconds(middle((each) => each.p99Ms)),
    `${cpu(rounds).toFixed(1)} us`,
    `${allCpu(rounds).toFixed(1)} us`,
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

function allCpu(rounds: readonly Measured[]): number {
  return median(rounds.map((each) => each.allCpuUs));
}
