// The command line of the benches. Every number is bounded, so that every loop is.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT } from './machine/processes';

export const BENCHES = [
  'formation',
  'detection',
  'coldstart',
  'memory',
  'rates',
  'quick',
  'visibility',
  'hosts',
  'paired',
  'store',
  'events',
  'fade',
  'cli',
  'client',
  'million',
  'engines',
  'spread',
  'full',
] as const;
export type BenchName = (typeof BENCHES)[number];

/** What was left out is undefined: each bench has its own defaults. */
export interface BenchOptions {
  readonly bench: BenchName;
  /** Folder with node.js and launcher.js. */
  readonly dist: string;
  /** The other build of a paired run. */
  readonly against: string | undefined;
  readonly jsonFile: string | undefined;
  readonly svgFile: string | undefined;
  readonly rounds: number | undefined;
  readonly sizes: readonly number[] | undefined;
  readonly seconds: number | undefined;
  readonly rates: readonly number[] | undefined;
  readonly connections: readonly number[] | undefined;
  readonly values: readonly number[] | undefined;
  readonly seed: number;
}

export const USAGE = `usage: npm run bench -- ${BENCHES.join('|')} [options]
  --rounds N           how often it is repeated (1..1000)
  --sizes 3,5,10       numbers of nodes (2..20)
  --seconds N          how long each measurement lasts (1..600)
  --rates 2000,5000    writes per second (100..100000)
  --connections 1,32   connections of the load generator (1..1000)
  --values 100,10000   bytes of the values written and read (1..10485760)
  --seed N             of random delays and victims (1)
  --dist FOLDER        another build than dist/
  --against FOLDER     the build that paired and coldstart compare it with
  --json FILE          write the figures there as well
  --svg FILE           and the tables as bars there
`;

const OPTIONS = {
  rounds: { type: 'string' },
  sizes: { type: 'string' },
  seconds: { type: 'string' },
  rates: { type: 'string' },
  connections: { type: 'string' },
  values: { type: 'string' },
  seed: { type: 'string', default: '1' },
  dist: { type: 'string' },
  against: { type: 'string' },
  json: { type: 'string' },
  svg: { type: 'string' },
} as const;

/** The options, or a sentence that says what is wrong. */
export function readOptions(args: readonly string[]): BenchOptions | string {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const bench = BENCHES.find((name) => name === positionals[0]);
    if (bench === undefined || positionals.length > 1) return `name one of ${BENCHES.join(', ')}`;
    return {
      bench,
      dist: values.dist === undefined ? join(PROJECT, 'dist') : resolve(values.dist),
      against: values.against === undefined ? undefined : resolve(values.against),
      jsonFile: values.json,
      svgFile: values.svg,
      rounds: numbers('rounds', values.rounds, 1, 1000)?.[0],
      sizes: numbers('sizes', values.sizes, 2, 20),
      seconds: numbers('seconds', values.seconds, 1, 600)?.[0],
      rates: numbers('rates', values.rates, 100, 100_000),
      connections: numbers('connections', values.connections, 1, 1000),
      values: numbers('values', values.values, 1, 10_485_760),
      seed: numbers('seed', values.seed, 0, 0xffff_ffff)?.[0] ?? 1,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function numbers(name: string, text: string | undefined, least: number, most: number): number[] | undefined {
  if (text === undefined) return undefined;
  return text.split(',').map((item) => {
    const value = Number(item);
    if (item.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new Error(`--${name} takes whole numbers from ${least} to ${most}, not ${JSON.stringify(item)}`);
  });
}
