// What readers of /events cost: processor time of the node that they follow for each write, and how
// soon they are told. Writes go to another node of the network at a steady rate.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpConnection } from '../load/http-connection';
import type { SubscribersOrder, SubscribersResult } from '../load/subscribers';
import { startLauncher, type RunningLauncher } from '../machine/launcher';
import { cpuMs } from '../machine/proc-files';
import type { Bench } from '../program';
import { milliseconds, type Report } from '../report';
import { summarize, type Summary } from '../statistics';

const SECONDS = 10;
const CROWDS = [0, 10, 1000];
/** Of all crowds together: beyond it a core is busy with nothing but telling. */
const EVENTS_PER_SECOND = 20_000;
const WRITES_PER_SECOND_MAX = 1000;
const VALUE_BYTES = 100;
const PREFIX = 'live/';
const ENV = { REPRAM_MAX_CONNECTIONS: '4000', REPRAM_MAX_STREAMS: '2000' };

interface Measured {
  readonly readers: number;
  readonly writesPerSecond: number;
  readonly writes: number;
  readonly events: number;
  /** Of the node that has the readers, for each write. */
  readonly cpuUs: number;
  readonly latency: Summary | null;
}

export async function events(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const all: Measured[] = [];
  const launcher = await startLauncher(bench, 3, ENV);
  for (const readers of CROWDS) {
    const measured = await measure(bench, launcher, readers, options.seconds ?? SECONDS);
    all.push(measured);
    tell(`${readers} readers, ${measured.writes} writes, ${measured.events} events`);
  }
  await launcher.stop();
  return {
    tables: [
      {
        title: `Readers of one prefix at one node; values of ${VALUE_BYTES} B written at another`,
        columns: ['readers', 'writes/s', 'events/s', 'each reader', 'CPU a write', 'told p50', 'told p99'],
        rows: all.map((each) => row(each, options.seconds ?? SECONDS)),
      },
    ],
    notes: [
      'CPU a write: of the node that has the readers, replication included; the row without readers is what it costs anyway',
      'told: from just before the write was sent to one node until a reader at another had the event',
    ],
    data: { events: all },
  };
}

async function measure(
  { processes }: Bench,
  launcher: RunningLauncher,
  readers: number,
  seconds: number,
): Promise<Measured> {
  const [writerPort, readerPort] = launcher.ports;
  const perSecond = Math.min(WRITES_PER_SECOND_MAX, EVENTS_PER_SECOND / Math.max(1, readers));
  const order: SubscribersOrder = { port: readerPort, count: readers, prefix: PREFIX };
  const script = join(__dirname, '..', 'load', 'subscribers.ts');
  const child = processes.startScript(script, [JSON.stringify(order)]);
  let said = '';
  child.stdout?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  await untilSaid(() => said.includes('ready\n'));
  const connections = await Promise.all(Array.from({ length: 16 }, () => HttpConnection.open(writerPort)));
  const node = launcher.nodePids[1];
  const beforeMs = cpuMs(node);
  const writes = await writeFor(connections, perSecond, seconds);
  await delay(500);
  const spentMs = cpuMs(node) - beforeMs;
  for (const connection of connections) connection.close();
  child.kill('SIGTERM');
  await untilSaid(() => said.trimEnd().endsWith('}'));
  const result = JSON.parse(said.slice(said.indexOf('{'))) as SubscribersResult;
  return {
    readers,
    writesPerSecond: perSecond,
    writes,
    events: result.events,
    cpuUs: (spentMs * 1000) / writes,
    latency: result.latencyMs.length === 0 ? null : summarize([...result.latencyMs]),
  };
}

async function writeFor(
  connections: readonly HttpConnection[],
  perSecond: number,
  seconds: number,
): Promise<number> {
  const startMs = performance.now();
  let sent = 0;
  let answered = 0;
  for (;;) {
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs >= seconds * 1000) break;
    for (const connection of connections) {
      if (sent >= (elapsedMs * perSecond) / 1000) break;
      if (!connection.isFree) continue;
      const value = `at ${performance.timeOrigin + performance.now()} `.padEnd(VALUE_BYTES, 'v');
      sent += 1;
      void connection
        .request('PUT', `/data/${PREFIX}${sent % 1000}?ttl=600`, value)
        .then(() => (answered += 1));
    }
    await delay(1);
  }
  return Math.max(1, answered);
}

async function untilSaid(has: () => boolean): Promise<void> {
  for (let looks = 0; !has(); looks += 1) {
    if (looks > 3000) throw new Error('the readers did not answer');
    await delay(10);
  }
}

function row(
  { readers, writesPerSecond, events: told, cpuUs, latency }: Measured,
  seconds: number,
): string[] {
  return [
    String(readers),
    writesPerSecond.toFixed(0),
    (told / seconds).toFixed(0),
    readers === 0 ? '-' : `${(told / seconds / readers).toFixed(0)}/s`,
    `${cpuUs.toFixed(0)} us`,
    latency === null ? '-' : milliseconds(latency.p50),
    latency === null ? '-' : milliseconds(latency.p99),
  ];
}
