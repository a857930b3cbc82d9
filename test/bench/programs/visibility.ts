// How soon after its acknowledgement a write on one node can be read on all others, while the
// network is busy with other writes. A probe writes, waits for the answer, and reads everywhere at
// once until every node has the value.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpConnection } from '../load/http-connection';
import type { WriterOrder, WriterResult } from '../load/writer';
import { output } from '../machine/output';
import { startLauncher } from '../machine/launcher';
import type { BenchOptions } from '../options';
import type { Bench } from '../program';
import { summaryCells, summaryTable, type Report } from '../report';
import { summarize } from '../statistics';

const SIZES = [3];
const RATES = [2000, 5000];
const SECONDS = 10;
const PROBE_EVERY_MS = 10;
const VALUE_BYTES = 100;
/** The first second warms up. */
const WARM_UP_SECONDS = 1;
const READS_MAX = 1000;
/** A launcher replaces a node that stands still for longer. */
const PATIENCE_MS = 120_000;
const LEVELS = ['quorum', '1'] as const;

interface Series {
  readonly size: number;
  readonly level: (typeof LEVELS)[number];
  readonly askedPerSecond: number;
  /** One of the other nodes stands still (SIGSTOP), and nobody reads there. */
  readonly isOneStopped: boolean;
  writer: WriterResult | null;
  /**
   * Milliseconds per probe: from the acknowledgement until the last other node had answered with
   * the value ...
   */
  readonly answeredMs: number[];
  /** ... and until that answer was asked for: 0 when every first read found it. */
  readonly askedAgainMs: number[];
  /** The write itself, and a read of an old key in the same moment. */
  readonly writeMs: number[];
  readonly oldKeyMs: number[];
}

export async function visibility(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const all: Series[] = [];
  for (const size of options.sizes ?? SIZES) {
    const launcher = await startLauncher(bench, size, { REPRAM_HUNG_AFTER_MS: String(PATIENCE_MS) });
    const stoppable = launcher.nodePids.at(-1) ?? 0;
    for (const series of planned(size, options)) {
      all.push(series);
      if (series.isOneStopped) process.kill(stoppable, 'SIGSTOP');
      await measure(bench, series, series.isOneStopped ? launcher.ports.slice(0, -1) : launcher.ports);
      if (series.isOneStopped) process.kill(stoppable, 'SIGCONT');
      tell(`${titleOf(series)}: ${madePerSecond(series)}/s made`);
    }
    await launcher.stop();
  }
  return report(all);
}

/** All running at each rate, then at the last rate without one. */
function planned(size: number, { rates = RATES }: Pick<BenchOptions, 'rates'>): Series[] {
  const all = rates.flatMap((rate) => LEVELS.map((level) => emptySeries(size, level, rate, false)));
  const last = rates.at(-1) ?? RATES[0];
  const withoutOne = LEVELS.map((level) => emptySeries(size, level, last, true));
  return size > 2 ? [...all, ...withoutOne] : all;
}

async function measure(
  { options, processes }: Bench,
  series: Series,
  ports: readonly number[],
): Promise<void> {
  const seconds = options.seconds ?? SECONDS;
  const order: WriterOrder = {
    port: ports[0],
    perSecond: series.askedPerSecond,
    seconds: seconds + WARM_UP_SECONDS + 1,
    valueBytes: VALUE_BYTES,
  };
  const writer = output(
    processes.startScript(join(__dirname, '..', 'load', 'writer.ts'), [JSON.stringify(order)]),
  );
  const connections = await Promise.all(ports.map((port) => HttpConnection.open(port)));
  await delay(WARM_UP_SECONDS * 1000 + 500);
  const endMs = performance.now() + seconds * 1000;
  for (let count = 0; performance.now() < endMs; count += 1) {
    const nextMs = performance.now() + PROBE_EVERY_MS;
    await probe(
      series,
      connections,
      `/data/probe-${series.askedPerSecond}-${series.level}-${series.isOneStopped}-${count}`,
    );
    await delay(Math.max(0, nextMs - performance.now()));
  }
  for (const connection of connections) connection.close();
  series.writer = JSON.parse((await writer).text) as WriterResult;
}

async function probe(series: Series, connections: readonly HttpConnection[], path: string): Promise<void> {
  const [coordinator, ...others] = connections;
  const writtenAtMs = performance.now();
  await coordinator.request('PUT', `${path}?ttl=600&w=${series.level}`, 'v'.repeat(VALUE_BYTES));
  const ackedAtMs = performance.now();
  const reads = await Promise.all(others.map((connection) => readUntilFound(connection, path)));
  series.writeMs.push(ackedAtMs - writtenAtMs);
  series.answeredMs.push(Math.max(...reads.map((read) => read.answeredAtMs)) - ackedAtMs);
  series.askedAgainMs.push(Math.max(...reads.map((read) => read.askedAgainAtMs ?? ackedAtMs)) - ackedAtMs);
  const againMs = performance.now();
  await others[0].request('GET', path);
  series.oldKeyMs.push(performance.now() - againMs);
}

/** `askedAgainAtMs`: when the read that found it was sent, null when that was the first. */
async function readUntilFound(
  connection: HttpConnection,
  path: string,
): Promise<{ readonly answeredAtMs: number; readonly askedAgainAtMs: number | null }> {
  for (let reads = 1; reads <= READS_MAX; reads += 1) {
    const askedAtMs = performance.now();
    const { status } = await connection.request('GET', path);
    if (status === 200)
      return { answeredAtMs: performance.now(), askedAgainAtMs: reads === 1 ? null : askedAtMs };
  }
  throw new Error(`${path} was not found in ${READS_MAX} reads`);
}

function emptySeries(
  size: number,
  level: Series['level'],
  askedPerSecond: number,
  isOneStopped: boolean,
): Series {
  const samples = { answeredMs: [], askedAgainMs: [], writeMs: [], oldKeyMs: [] };
  return { size, level, askedPerSecond, isOneStopped, writer: null, ...samples };
}

function titleOf({ size, isOneStopped, askedPerSecond, level }: Series): string {
  return `${size} nodes${isOneStopped ? ', one of them stopped' : ''}, ${askedPerSecond} writes/s asked, w=${level}`;
}

function madePerSecond({ writer }: Series): number {
  return writer === null ? 0 : Math.round((writer.held + writer.stored) / writer.seconds);
}

function report(all: readonly Series[]): Report {
  return {
    tables: all.map((series) =>
      summaryTable(
        `Visibility, ${titleOf(series)}, ${madePerSecond(series)} made`,
        [
          ['acknowledged to read on all others', series.answeredMs, 'p50 <= 1 ms, p99 <= 5 ms'] as const,
          ['of that, until the read that found it was sent', series.askedAgainMs, '-'] as const,
          ['for comparison: a read of what was there', series.oldKeyMs, '-'] as const,
          ['for comparison: the write', series.writeMs, '-'] as const,
        ].map(([label, samples, target]) => [label, ...summaryCells(summarize(samples)), target]),
      ),
    ),
    notes: [
      'w=quorum answers once every node in good health holds the value; w=1 at once, so that it shows replication itself',
    ],
    data: { visibility: all },
  };
}
