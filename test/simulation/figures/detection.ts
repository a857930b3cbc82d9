// How long it takes until every other node sees that one has crashed, or stands still.
import type { SimNode } from '../world/sim-node';
import { spread, type Figure, type FigureOptions, type Row } from './figure';
import { Fleet } from './fleet';

const RUNS = 200;
const SIZES = [3, 5, 10];
const BOUND_MS = 60_000;

interface Seen {
  /** Nobody lists it alive any more. */
  readonly notAlive: number | null;
  /** Everybody lists it dead, or not at all. */
  readonly dead: number | null;
}

export const DETECTION: Figure = {
  name: 'detection',
  what: 'one node of N on one host ends (kill -9) or stands still (SIGSTOP); time until all others see it',
  *measure({ runs, sizes }: FigureOptions): Iterable<Row> {
    for (const size of sizes ?? SIZES) {
      yield* rows(`crash, ${size} nodes`, runs ?? RUNS, size, (fleet, victim) => {
        fleet.world.crash(victim);
      });
      yield* rows(`hang, ${size} nodes`, runs ?? RUNS, size, (_, victim) => victim.pause());
    }
  },
};

function* rows(
  what: string,
  runs: number,
  size: number,
  end: (fleet: Fleet, victim: SimNode) => void,
): Iterable<Row> {
  const seen = Array.from({ length: runs }, (_, i) => detect(i + 1, size, end));
  yield { what: `${what}: no longer alive`, measured: spread(seen.map(({ notAlive }) => notAlive)) };
  yield { what: `${what}: dead`, measured: spread(seen.map(({ dead }) => dead)) };
}

function detect(seed: number, size: number, end: (fleet: Fleet, victim: SimNode) => void): Seen {
  const fleet = new Fleet({ hosts: [size] }, seed).settle();
  const prng = fleet.world.forkPrng();
  fleet.pass(prng.between(0, 1000));
  const victim = prng.pick(fleet.nodes);
  const others = fleet.nodes.filter((node) => node !== victim);
  end(fleet, victim);
  const beganMs = fleet.nowMs;
  const everySees = (...states: string[]): boolean =>
    others.every((node) => states.includes(seenBy(node, victim)));
  const notAlive = fleet.until(() => everySees('suspect', 'dead', 'gone'), BOUND_MS);
  const isDead = fleet.until(() => everySees('dead', 'gone'), BOUND_MS) !== null;
  return { notAlive, dead: isDead ? fleet.nowMs - beganMs : null };
}

function seenBy(node: SimNode, victim: SimNode): string {
  return node.core.members(node.now()).find(({ id }) => id === victim.id)?.state ?? 'gone';
}
