// How long a node needs to hold everything: one that comes late, and one that stood still or was
// cut off while others wrote.
import type { SimNode } from '../world/sim-node';
import { spread, type Figure, type FigureOptions, type Row } from './figure';
import { Fleet } from './fleet';

const RUNS = 20;
const KEYS = 20_000;
const MISSED = 2000;
const VALUE_BYTES = 100;
/** Keys written at once; then the nodes are given a moment. */
const BATCH = 500;
const AWAY_MS = 20_000;
const BOUND_MS = 60_000;

export const CATCH_UP: Figure = {
  name: 'catch-up',
  what: 'a joiner among 3 nodes of one host, and a node that missed writes; virtual time until all hold the same (the processor takes no time in it)',
  *measure({ runs, keys: wanted }: FigureOptions): Iterable<Row> {
    const keys = wanted ?? KEYS;
    const real = new Stopwatch();
    yield {
      what: `joiner, ${KEYS} keys`,
      measured: spread(repeat(runs ?? RUNS, (seed) => join(seed, keys, real))),
    };
    const perSecond = Math.round((1000 * keys) / real.medianMs);
    yield {
      what: 'the same in real time, all nodes in one thread',
      measured: `p50 ${real.medianMs.toFixed(0)} ms, ${perSecond} records/s`,
    };
    yield {
      what: `stood still for 20 s, ${MISSED} writes missed`,
      measured: spread(repeat(runs ?? RUNS, pause)),
    };
    yield {
      what: `cut off for 20 s, ${MISSED} writes missed`,
      measured: spread(repeat(runs ?? RUNS, cutOff)),
    };
  },
};

function repeat(runs: number, once: (seed: number) => number | null): (number | null)[] {
  return Array.from({ length: runs }, (_, i) => once(i + 1));
}

class Stopwatch {
  private readonly samplesMs: number[] = [];

  time<T>(act: () => T): T {
    const startedAtMs = performance.now();
    const result = act();
    this.samplesMs.push(performance.now() - startedAtMs);
    return result;
  }

  get medianMs(): number {
    return this.samplesMs.sort((a, b) => a - b)[this.samplesMs.length >> 1];
  }
}

function join(seed: number, keys: number, real: Stopwatch): number | null {
  const fleet = new Fleet({ hosts: [3] }, seed).settle();
  write(fleet, fleet.nodes, keys);
  const joiner = fleet.world.start(fleet.world.hosts[0], null);
  return real.time(() => fleet.until(() => isReady(joiner) && areEqual(fleet.nodes), BOUND_MS));
}

function pause(seed: number): number | null {
  return away(seed, (_, node) => {
    node.pause();
    return () => node.resume();
  });
}

function cutOff(seed: number): number | null {
  return away(seed, (fleet, node) =>
    fleet.world.network.cut((from, to) => (from === node) !== (to === node)),
  );
}

/** From the return of a node until all hold the same. */
function away(seed: number, leave: (fleet: Fleet, node: SimNode) => () => void): number | null {
  const fleet = new Fleet({ hosts: [3] }, seed).settle();
  const [node, ...others] = fleet.nodes;
  const comeBack = leave(fleet, node);
  fleet.pass(AWAY_MS / 2);
  write(fleet, others, MISSED);
  fleet.pass(AWAY_MS / 2);
  comeBack();
  return fleet.until(() => areEqual(fleet.nodes), BOUND_MS);
}

function write(fleet: Fleet, nodes: readonly SimNode[], keys: number): void {
  for (let i = 0; i < keys; i += 1) {
    fleet.put(nodes[i % nodes.length], VALUE_BYTES);
    if (i % BATCH === BATCH - 1) fleet.pass(50);
  }
  fleet.pass(500);
}

function isReady(node: SimNode): boolean {
  return node.core.report().state === 'ready';
}

function areEqual(nodes: readonly SimNode[]): boolean {
  return new Set(nodes.map((node) => node.core.report().storage.root)).size === 1;
}
