// How long nodes that nobody coordinates take to find each other: from the moment the last one has
// its port until every one has a link to every other. Once with all processes started at the same
// instant, once after random delays. Then the same for three hosts with a node each, once without a
// secret and once with one, which has their links encrypted.
import { Cluster, claimedAtMs, fullViewAtMs } from '../machine/cluster';
import type { Bench } from '../program';
import { SUMMARY_BARS, SUMMARY_COLUMNS, summaryCells, type Report } from '../report';
import { seeded, summarize } from '../statistics';

const ROUNDS = 20;
const SIZES = [3, 5, 10];
/** Random starts are spread over this. */
const SPREAD_MS = 1500;
/** Hosts of one node each. */
const HOSTS = 3;
const SECRETS = {
  bare: {},
  encrypted: { REPRAM_CLUSTER_SECRET: 'a-secret-of-the-bench-formation' },
} as const;
const TARGETS: Readonly<Record<number, string>> = { 3: 'p99 <= 300 ms', 10: 'p99 <= 500 ms' };

interface Series {
  readonly size: number;
  readonly starts: 'at once' | 'random' | 'hosts, bare links' | 'hosts, encrypted links';
  readonly formedMs: number[];
  /** Rounds that did not form within 30 s. */
  failures: number;
}

export async function formation(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const rounds = options.rounds ?? ROUNDS;
  const random = seeded(options.seed);
  const all: Series[] = [];
  for (const size of options.sizes ?? SIZES) {
    for (const starts of ['at once', 'random'] as const) {
      const series: Series = { size, starts, formedMs: [], failures: 0 };
      all.push(series);
      for (let round = 1; round <= rounds; round += 1) {
        const delaysMs = Array.from({ length: size }, () => (starts === 'random' ? random() * SPREAD_MS : 0));
        await measure(bench, series, delaysMs);
        tell(`${size} nodes, ${starts}, round ${round}: ${series.formedMs.at(-1) ?? 'not formed'} ms`);
      }
    }
  }
  for (const links of ['bare', 'encrypted'] as const) {
    const series: Series = { size: HOSTS, starts: `hosts, ${links} links`, formedMs: [], failures: 0 };
    all.push(series);
    for (let round = 1; round <= rounds; round += 1) {
      const settingsOf: SettingsOf = (cluster, i) => ({ ...cluster.aloneOnHost(i), ...SECRETS[links] });
      await measure(bench, series, new Array<number>(HOSTS).fill(0), settingsOf);
      tell(`${HOSTS} ${series.starts}, round ${round}: ${series.formedMs.at(-1) ?? 'not formed'} ms`);
    }
  }
  return report(all);
}

type SettingsOf = (cluster: Cluster, i: number) => Readonly<Record<string, string>>;

async function measure(
  bench: Bench,
  series: Series,
  delaysMs: readonly number[],
  settingsOf: SettingsOf = () => ({}),
): Promise<void> {
  const { size } = series;
  const cluster = await Cluster.reserve(bench, size);
  try {
    await cluster.startAll(delaysMs, (i) => settingsOf(cluster, i));
    await cluster.ready();
    const claimed = cluster.nodes.map((node) => claimedAtMs(node) ?? 0);
    const complete = cluster.nodes.map((node) => fullViewAtMs(node, size) ?? Infinity);
    series.formedMs.push(Math.max(...complete) - Math.max(...claimed));
  } catch (error) {
    series.failures += 1;
    bench.tell(String(error));
  } finally {
    await cluster.kill();
  }
}

function report(all: readonly Series[]): Report {
  const rows = all.map(({ size, starts, formedMs, failures }) => [
    `${size} nodes, ${starts}`,
    ...(formedMs.length > 0 ? summaryCells(summarize(formedMs)) : ['0', '-', '-', '-']),
    String(failures),
    starts.startsWith('hosts') ? '-' : (TARGETS[size] ?? '-'),
  ]);
  return {
    tables: [
      {
        title: 'Formation: from the last claimed port to a link between every two nodes',
        columns: ['', ...SUMMARY_COLUMNS, 'failed', 'target'],
        bars: SUMMARY_BARS,
        rows,
      },
    ],
    notes: [`random: starts spread over ${SPREAD_MS} ms; times come from the nodes' logs, to 1 ms`],
    data: { formation: all },
  };
}
