// What crosses between hosts per write, and when nobody writes: the bytes that the cables of three
// hosts of three nodes carry while values are written to one node, less what they carry in the same
// time without; once as it is, and once without relays.
import { setTimeout as delay } from 'node:timers/promises';
import type { Place } from '../../support/http/calls';
import { until } from '../../support/basics/until';
import { getJson, HttpConnection } from '../load/http-connection';
import { difference, type Traffic } from '../machine/cables';
import { HostCluster } from '../machine/host-cluster';
import type { Bench } from '../program';
import { size, type Report } from '../report';
import { hostsReport, type Idle, type Written } from './hosts-report';

const WRITES = 2000;
const VALUES = [100, 10_000];
const CONNECTIONS = [1, 32];
const IDLE_SECONDS = 20;
/** What forming still causes is not idleness. */
const SETTLE_MS = 10_000;
const ALL_COPIES = '9/9';

export async function hosts(bench: Bench): Promise<Report> {
  const { options, tell } = bench;
  const [idle, written]: [Idle[], Written[]] = [[], []];
  for (const relays of [true, false]) {
    tell(`three hosts of three nodes, ${relays ? 'with relays' : 'without relays'}`);
    const cluster = await HostCluster.start({ dist: options.dist, relays });
    await delay(SETTLE_MS);
    const still = await over(cluster, () => delay((options.seconds ?? IDLE_SECONDS) * 1000));
    idle.push({ relays, ...still });
    for (const valueBytes of options.values ?? VALUES) {
      for (const connections of options.connections ?? CONNECTIONS) {
        const [place] = cluster.everywhere();
        const run = await over(cluster, () => writeAll(place, valueBytes, connections));
        written.push({ relays, valueBytes, connections, writes: WRITES, ...run, ...run.result });
        tell(`${size(valueBytes)}, ${connections} connections: ${run.traffic.bytes} B in ${WRITES} writes`);
      }
    }
    await cluster.stop();
  }
  return hostsReport(idle, written);
}

/** What crossed the cables while `work` was done, and how long it took. */
async function over<T>(
  cluster: HostCluster,
  work: () => Promise<T>,
): Promise<{ readonly traffic: Traffic; readonly seconds: number; readonly result: T }> {
  const [before, startMs] = [cluster.traffic(), performance.now()];
  const result = await work();
  const traffic = difference(cluster.traffic(), before);
  return { traffic, seconds: (performance.now() - startMs) / 1000, result };
}

/**
 * Each connection writes one value after the other; ends when all nodes have acknowledged all of
 * them.
 */
async function writeAll(place: Place, valueBytes: number, connections: number): Promise<{ late: number }> {
  const body = 'v'.repeat(valueBytes);
  let [next, late] = [0, 0];
  const writer = async (): Promise<void> => {
    const connection = await HttpConnection.open(place);
    while (next < WRITES) {
      next += 1;
      const { status, head } = await connection.request('PUT', `/data/hosts-${next}?ttl=600`, body);
      if (status !== 201) throw new Error(`a write was answered ${status}`);
      if (!head.toLowerCase().includes(`x-repram-acks: ${ALL_COPIES}`)) late += 1;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, writer));
  await until(async () => (await pendingWrites(place)) === 0, 'all writes to be acknowledged by all', 60_000);
  return { late };
}

async function pendingWrites(place: Place): Promise<number> {
  const { replication } = (await getJson(place, '/status')) as { replication: { pending_writes: number } };
  return replication.pending_writes;
}
