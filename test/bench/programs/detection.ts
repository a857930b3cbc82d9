// How soon all others know that a node was killed or stands still, and how soon one that continues
// is back with everything that was written meanwhile. The nodes run without a launcher, which would
// replace them at once.
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../support/basics/until';
import { getJson, HttpConnection } from '../load/http-connection';
import { Cluster, type ReadyNode } from '../machine/cluster';
import { watchPeer } from '../machine/peer-watch';
import type { Bench } from '../program';
import { summaryCells, summaryTable, type Report } from '../report';
import { seeded, summarize } from '../statistics';

const ROUNDS = 15;
const SIZES = [3, 10];
const LIMIT_MS = 30_000;
const WRITES_MEANWHILE = 50;
/**
 * A network that has been whole this long is hit: nodes are slower to redial who was linked only a
 * moment.
 */
const SETTLE_MS = 1500;

/** Milliseconds until the last of the others knew, one number per round. */
interface Series {
  readonly size: number;
  readonly killDeadLog: number[];
  readonly killDeadPeers: number[];
  readonly hangSuspectLog: number[];
  readonly hangDeadLog: number[];
  readonly hangNotAlivePeers: number[];
  readonly resumedBack: number[];
  readonly resumedComplete: number[];
}

const LABELS: readonly (readonly [Exclude<keyof Series, 'size'>, string, string])[] = [
  ['killDeadLog', 'kill -9: dead in all logs', 'p99 <= 100 ms'],
  ['killDeadPeers', 'kill -9: not alive in all /peers', 'p99 <= 100 ms'],
  ['hangSuspectLog', 'hang: suspect in all logs', '-'],
  ['hangNotAlivePeers', 'hang: not alive in all /peers', 'p50 <= 1.5 s'],
  ['hangDeadLog', 'hang: dead in all logs', 'p50 <= 1.5 s, p99 <= 2.5 s'],
  ['resumedBack', 'resumed: alive in every view, its own too', '<= 5 s'],
  ['resumedComplete', 'resumed: holds all that was written meanwhile', '<= 5 s'],
];

export async function detection(bench: Bench): Promise<Report> {
  const random = seeded(bench.options.seed);
  const all: Series[] = [];
  for (const size of bench.options.sizes ?? SIZES) {
    const series = emptySeries(size);
    all.push(series);
    const cluster = await Cluster.reserve(bench, size);
    await cluster.startAll(new Array<number>(size).fill(0));
    for (let round = 1; round <= (bench.options.rounds ?? ROUNDS); round += 1) {
      await killOne(bench, cluster, series, random);
      await stopOne(cluster, series, random);
      bench.tell(`${size} nodes, round ${round}: ${lastOfEach(series)}`);
    }
    await cluster.kill();
  }
  return report(all);
}

async function killOne(
  { tell }: Bench,
  cluster: Cluster,
  series: Series,
  random: () => number,
): Promise<void> {
  const { victim, others } = await chooseVictim(cluster, series.size, random);
  const killedAtMs = Date.now();
  victim.child.kill('SIGKILL');
  const seen = watchPeer(others, victim.id, (peer) => peer?.state !== 'alive', LIMIT_MS);
  const deadAtMs = await lastLogged(others, 'member-dead', victim.id, killedAtMs);
  series.killDeadLog.push(deadAtMs - killedAtMs);
  series.killDeadPeers.push(Math.max(...(await seen)) - killedAtMs);
  cluster.forget(victim.pid);
  cluster.start();
  await cluster.ready().catch((error: unknown) => {
    tell(`the replacement of ${victim.id} was not taken in`);
    throw error;
  });
}

async function stopOne(cluster: Cluster, series: Series, random: () => number): Promise<void> {
  const { victim, others } = await chooseVictim(cluster, series.size, random);
  const stoppedAtMs = Date.now();
  victim.child.kill('SIGSTOP');
  const seen = watchPeer(others, victim.id, (peer) => peer?.state !== 'alive', LIMIT_MS);
  const deadAtMs = await lastLogged(others, 'member-dead', victim.id, stoppedAtMs);
  const suspectAtMs = others.map(
    (node) => loggedAtMs(node, 'member-suspect', victim.id, stoppedAtMs) ?? deadAtMs,
  );
  series.hangDeadLog.push(deadAtMs - stoppedAtMs);
  series.hangSuspectLog.push(Math.max(...suspectAtMs) - stoppedAtMs);
  series.hangNotAlivePeers.push(Math.max(...(await seen)) - stoppedAtMs);
  await writeMeanwhile(others[0], victim.id);
  const resumedAtMs = Date.now();
  victim.child.kill('SIGCONT');
  await Promise.all([
    backInEveryView(victim, others).then((atMs) => series.resumedBack.push(atMs - resumedAtMs)),
    holdsTheSame(victim, others[0]).then((atMs) => series.resumedComplete.push(atMs - resumedAtMs)),
  ]);
}

async function chooseVictim(
  cluster: Cluster,
  size: number,
  random: () => number,
): Promise<{ victim: ReadyNode; others: ReadyNode[] }> {
  const nodes = await cluster.ready();
  await delay(SETTLE_MS);
  const victim = nodes[Math.floor(random() * size)];
  const others = nodes.filter((node) => node !== victim);
  return { victim, others };
}

/** When `node` first logged `event` about member `id` since `sinceMs`. */
function loggedAtMs({ log }: ReadyNode, event: string, id: string, sinceMs: number): number | undefined {
  return log.all(event).find(({ atMs, fields }) => atMs >= sinceMs && fields.peer_id === id)?.atMs;
}

/** When the last of `nodes` did. */
async function lastLogged(
  nodes: readonly ReadyNode[],
  event: string,
  id: string,
  sinceMs: number,
): Promise<number> {
  const times = (): number[] => nodes.flatMap((node) => loggedAtMs(node, event, id, sinceMs) ?? []);
  await until(() => times().length >= nodes.length, `${event} in all logs`, LIMIT_MS);
  return Math.max(...times());
}

async function writeMeanwhile({ port }: ReadyNode, absentee: string): Promise<void> {
  const connection = await HttpConnection.open(port);
  const prefix = `/data/meanwhile-${absentee}-${Date.now()}`;
  for (let index = 0; index < WRITES_MEANWHILE; index += 1) {
    await connection.request('PUT', `${prefix}-${index}?ttl=86400`, 'meanwhile');
  }
  connection.close();
}

async function backInEveryView(victim: ReadyNode, others: readonly ReadyNode[]): Promise<number> {
  const isBack = (peer?: { state: string; reach: string }): boolean =>
    peer?.state === 'alive' && peer.reach === 'direct';
  const times = await Promise.all([
    watchPeer(others, victim.id, isBack, LIMIT_MS),
    ...others.map(({ id }) => watchPeer([victim], id, isBack, LIMIT_MS)),
  ]);
  return Math.max(...times.flat());
}

/** When it held exactly the versions that another node holds. */
async function holdsTheSame(node: ReadyNode, other: ReadyNode): Promise<number> {
  await until(
    async () => (await rootHash(node)) === (await rootHash(other)),
    'the writes to arrive',
    LIMIT_MS,
  );
  return Date.now();
}

async function rootHash({ port }: ReadyNode): Promise<string> {
  const { storage } = (await getJson(port, '/status')) as { storage: { root: string } };
  return storage.root;
}

function emptySeries(size: number): Series {
  return {
    size,
    killDeadLog: [],
    killDeadPeers: [],
    hangSuspectLog: [],
    hangDeadLog: [],
    hangNotAlivePeers: [],
    resumedBack: [],
    resumedComplete: [],
  };
}

function lastOfEach(series: Series): string {
  return LABELS.map(([key]) => `${key} ${series[key].at(-1) ?? '-'}`).join(', ');
}

function report(all: readonly Series[]): Report {
  return {
    tables: all.map((series) =>
      summaryTable(
        `Detection, ${series.size} nodes: until the last of the others knew`,
        LABELS.map(([key, label, target]) => [label, ...summaryCells(summarize(series[key])), target]),
      ),
    ),
    notes: ['logs are exact to 1 ms; /peers is polled every 10 ms'],
    data: { detection: all },
  };
}
