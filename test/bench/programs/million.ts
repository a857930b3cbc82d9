// What a million keys do to a node: how late its event loop is while more are written, how long a
// newcomer takes to hold them all, and how soon half a million are gone that are over in one
// second.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../support/basics/until';
import { getJson } from '../load/http-connection';
import type { FillerOrder, FillerResult } from '../load/filler';
import { Cluster, claimedAtMs, type BenchNode } from '../machine/cluster';
import { loopLateness, LOOP_PROBE, type LoopLateness } from '../machine/loop-watch';
import { output } from '../machine/output';
import { CannotMeasureError, type Bench } from '../program';
import { milliseconds, type Report } from '../report';

const MILLION = 1_000_000;
const DUE_TOGETHER = 500_000;
const VALUE_BYTES = 100;
const WRITES_PER_SECOND = 20_000;
const SECONDS = 10;
/** Up to here everything has to be filled in. */
const LIMIT_MS = 600_000;
const SETTINGS = { ...LOOP_PROBE, REPRAM_MIN_TTL: '1' };

interface Late extends LoopLateness {
  readonly name: string;
  readonly target: string;
}

interface Span {
  readonly name: string;
  readonly ms: number;
  readonly target: string;
}

export async function million(bench: Bench): Promise<Report> {
  const cluster = await Cluster.reserve(bench, 2);
  const run = new Run(bench, cluster, cluster.start(SETTINGS));
  await run.started();
  await run.fillTo(MILLION);
  await run.writesAt('1 million keys');
  await run.join();
  await run.fillTo(2 * MILLION);
  await run.writesAt('2 million keys');
  await run.dueTogether();
  return run.report();
}

class Run {
  private readonly late: Late[] = [];
  private readonly spans: Span[] = [];
  private readonly notes: string[] = [];
  private keys = 0;
  /** As fast as this machine fills a node. */
  private perSecond = WRITES_PER_SECOND;
  private port = 0;

  constructor(
    private readonly bench: Bench,
    private readonly cluster: Cluster,
    private readonly node: BenchNode,
  ) {}

  async started(): Promise<void> {
    await until(() => claimedAtMs(this.node) !== null, 'a node to have its port', LIMIT_MS);
    this.port = Number(this.node.log.first('port-claimed')?.fields.port);
    await until(() => this.node.log.first('synced') !== undefined, 'a node to be ready', LIMIT_MS);
  }

  async fillTo(keys: number): Promise<void> {
    const { seconds, stored } = await this.fill({ end: keys });
    this.perSecond = stored / seconds;
    this.bench.tell(`${this.keys} keys; ${Math.round(this.perSecond)} more each second`);
  }

  async writesAt(name: string): Promise<void> {
    const seconds = this.bench.options.seconds ?? SECONDS;
    await loopLateness(this.node);
    const made = await this.fill({
      end: this.keys + WRITES_PER_SECOND * seconds,
      perSecond: WRITES_PER_SECOND,
    });
    await this.noteLoop(`${name}, while more are written`, this.node, 'p99.9 <= 5 ms, max <= 20 ms');
    const perSecond = Math.round(made.stored / made.seconds);
    this.notes.push(`${name}: ${perSecond} writes a second of the ${WRITES_PER_SECOND} that were wanted`);
  }

  async join(): Promise<void> {
    await loopLateness(this.node);
    const newcomer = this.cluster.start(SETTINGS);
    await until(() => newcomer.log.first('synced') !== undefined, 'the newcomer to hold all', LIMIT_MS);
    await this.noteLoop(`a newcomer is given ${this.keys} keys: the donor`, this.node, 'max <= 10 ms');
    await this.noteLoop('the same: the newcomer', newcomer, '-');
    const synced = newcomer.log.first('synced');
    const { keys, duration_ms: tookMs } = synced?.fields ?? {};
    if (Number(keys) < this.keys)
      throw new CannotMeasureError(`the newcomer holds ${String(keys)} keys only`);
    this.spans.push({
      name: `until a newcomer held ${this.keys} keys`,
      ms: Number(tookMs),
      target: '<= 2000 ms',
    });
    newcomer.child.kill('SIGTERM');
    await until(() => newcomer.child.exitCode !== null, 'the newcomer to leave', LIMIT_MS);
  }

  async dueTogether(): Promise<void> {
    const kept = this.keys;
    // Twice the time that it should take to write them.
    const dueAtMs = Date.now() + (2 * DUE_TOGETHER * 1000) / this.perSecond;
    await this.fill({ end: kept + DUE_TOGETHER, dueAtMs });
    if (Date.now() > dueAtMs) {
      this.notes.push('not measured: the writes that were to be over together took too long');
      return;
    }
    await delay(dueAtMs - Date.now());
    await loopLateness(this.node);
    await until(async () => (await this.held()) <= kept, 'what is over to be gone', LIMIT_MS);
    // The last ones were over a second after the first.
    const ms = Date.now() - dueAtMs - 1000;
    this.spans.push({
      name: `until ${DUE_TOGETHER} keys were gone that were over in one second`,
      ms,
      target: '<= 500 ms',
    });
    await this.noteLoop('the same: the node', this.node, 'max <= 20 ms');
  }

  report(): Report {
    return {
      tables: [
        {
          title: 'How late the event loop was',
          columns: ['', 'p50', 'p99.9', 'max', 'target'],
          rows: this.late.map(({ name, p50Ms, p999Ms, maxMs, target }) => [
            name,
            ...[p50Ms, p999Ms, maxMs].map(milliseconds),
            target,
          ]),
          bars: ['p99.9', 'max'],
        },
        {
          title: 'How long it took',
          columns: ['', 'time', 'target'],
          rows: this.spans.map(({ name, ms, target }) => [name, milliseconds(ms), target]),
        },
      ],
      notes: [`keys of 32 bytes, values of ${VALUE_BYTES}`, ...this.notes],
      data: { late: this.late, spans: this.spans },
    };
  }

  private async fill(asked: Pick<FillerOrder, 'end'> & Partial<FillerOrder>): Promise<FillerResult> {
    const order: FillerOrder = {
      port: this.port,
      first: this.keys,
      valueBytes: VALUE_BYTES,
      perSecond: 0,
      dueAtMs: null,
      ...asked,
    };
    const script = join(__dirname, '..', 'load', 'filler.ts');
    const { text } = await output(this.bench.processes.startScript(script, [JSON.stringify(order)]));
    const result = JSON.parse(text) as FillerResult;
    if (result.refused > 0) throw new CannotMeasureError(`${result.refused} writes were refused`);
    this.keys = order.end;
    return result;
  }

  private async noteLoop(name: string, node: BenchNode, target: string): Promise<void> {
    this.late.push({ name, target, ...(await loopLateness(node)) });
  }

  private async held(): Promise<number> {
    const { storage } = (await getJson(this.port, '/status')) as { storage: { keys: number } };
    return storage.keys;
  }
}
