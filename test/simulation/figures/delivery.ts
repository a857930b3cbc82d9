// What a write costs and how fast it is everywhere.
import { CALM } from '../run/scenario';
import type { CoreFactory } from '../world/simulated-core';
import { ratio, spread, type Figure, type FigureOptions, type Row } from './figure';
import { Fleet, type FleetOptions, type Plan } from './fleet';
import { countRecords, type RecordCounts } from './record-counts';

const RUNS = 200;
const SIZES = [3, 10, 25];
const VALUE_BYTES = 100;
const BETWEEN_WRITES_MS = 20;
/** Long enough for what was lost to be missed and repaired. */
const SETTLED_MS = 15_000;
/** Links of 100 ms between hosts, as in the broadcast challenges of Gossip Glomers. */
const FAR = { ...CALM.weather, delayMs: 100, jitterMs: 0 };
/** A way between hosts that is slower now and then than anybody waits for. */
export const UNSTEADY = { ...CALM.weather, delayMs: 5, jitterMs: 150 };
const LOSSY = { ...CALM.weather, lossRate: 0.01 };

export interface Delivered extends RecordCounts {
  readonly writes: number;
  /** From the write until it was readable on every node, for each write; null = never. */
  readonly everywhereMs: readonly (number | null)[];
}

export const DELIVERY: Figure = {
  name: 'delivery',
  what: 'single writes of 100 B in good health; time until readable everywhere, and write records received per write',
  *measure({ runs, sizes }: FigureOptions): Iterable<Row> {
    for (const size of sizes ?? SIZES)
      yield row(`${size} nodes of one host`, runs ?? RUNS, { hosts: [size] });
    if (sizes !== null) return;
    yield row('10 nodes of one host, 1 % of frames lost', runs ?? RUNS, { hosts: [10], weather: LOSSY });
    yield row('3 nodes on each of 3 hosts', runs ?? RUNS, { hosts: [3, 3, 3] });
    const unsteady = { hosts: [3, 3, 3], weather: UNSTEADY };
    yield row(
      '3 nodes on each of 3 hosts, 5 to 155 ms apart, 1,000 writes/s',
      10 * (runs ?? RUNS),
      unsteady,
      1,
    );
    yield row('25 hosts, 100 ms apart', runs ?? RUNS, {
      hosts: Array.from({ length: 25 }, () => 1),
      weather: FAR,
    });
  },
};

export interface DeliverOptions {
  readonly makeCore?: CoreFactory;
  readonly everyMs?: number;
}

/** `writes` single writes, each at a random node, in good health. */
export function deliver(plan: Plan, writes: number, options: DeliverOptions = {}): Delivered {
  const { everyMs = BETWEEN_WRITES_MS, ...making } = options;
  const holders = new Map<string, { readonly wroteAtMs: number; nodes: number; lastAtMs: number }>();
  const onStored: FleetOptions['onStored'] = (_, { key }) => {
    const held = holders.get(key);
    if (held === undefined) return;
    held.nodes += 1;
    held.lastAtMs = fleet.nowMs;
  };
  const fleet: Fleet = new Fleet(plan, 1, { onStored, ...making });
  fleet.settle();
  const counts = countRecords(fleet.world.network);
  const prng = fleet.world.forkPrng();
  for (let i = 1; i <= writes; i += 1) {
    holders.set(`figure-${i}`, { wroteAtMs: fleet.nowMs, nodes: 0, lastAtMs: fleet.nowMs });
    fleet.put(prng.pick(fleet.nodes), VALUE_BYTES);
    fleet.pass(everyMs);
  }
  fleet.pass(SETTLED_MS);
  const size = fleet.nodes.length;
  const everywhereMs = [...holders.values()].map(({ nodes, wroteAtMs, lastAtMs }) =>
    nodes < size ? null : lastAtMs - wroteAtMs,
  );
  return { ...counts, writes, everywhereMs };
}

function row(what: string, writes: number, plan: Plan, everyMs?: number): Row {
  const delivered = deliver(plan, writes, everyMs === undefined ? {} : { everyMs });
  const { records, crossings, crossingBytes, frames } = delivered;
  const costs = [
    `${ratio(records, writes)} records`,
    ...(plan.hosts.length > 1
      ? [
          `${ratio(crossings, writes)} of them between hosts in frames of ${ratio(crossingBytes, writes)} bytes`,
        ]
      : []),
    `${ratio(frames, writes)} frames (acks and heartbeats included)`,
  ];
  return { what, measured: `${spread(delivered.everywhereMs)}; per write ${costs.join(', ')}` };
}
