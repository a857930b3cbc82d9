// How often a node that only stands still for 300 ms now and then is taken for suspect, or for
// dead.
import type { Notification } from '../../../src/core/base/effects';
import type { Prng } from '../world/prng';
import type { SimNode } from '../world/sim-node';
import { type Figure, type FigureOptions, type Row } from './figure';
import { Fleet } from './fleet';

const HOURS = 1;
const SIZES = [10];
const STALL_MS = 300;
/** Each of the stalling nodes runs for this long between two stalls. */
const BETWEEN_MS = [500, 3500] as const;
const STALLING_SHARE = 0.2;
const HOUR_MS = 3_600_000;

export const FALSE_POSITIVES: Figure = {
  name: 'false-positives',
  what: 'a fifth of N nodes of one host stands still for 300 ms every 2.3 s on average; nobody ends',
  *measure({ hours, sizes }: FigureOptions): Iterable<Row> {
    for (const size of sizes ?? SIZES) yield measure(size, hours ?? HOURS);
  },
};

function measure(size: number, hours: number): Row {
  const fleet = new Fleet({ hosts: [size] }, 1).settle();
  const prng = fleet.world.forkPrng();
  const counts = new Map<Notification['kind'], number>();
  fleet.world.watch.onNotified = ({ kind }) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
  let stalls = 0;
  for (const node of fleet.nodes.slice(0, Math.round(size * STALLING_SHARE)))
    stallNowAndThen(fleet, prng, node, () => (stalls += 1));
  fleet.pass(hours * HOUR_MS);
  const of = (kind: Notification['kind']): number => counts.get(kind) ?? 0;
  return {
    what: `${size} nodes, ${hours} virtual hours`,
    measured: `${stalls} stalls: ${of('member-dead')} taken for dead, ${of('member-suspect')} suspicions, ${of('peer-link-lost')} links lost`,
  };
}

function stallNowAndThen(fleet: Fleet, prng: Prng, node: SimNode, stalled: () => void): void {
  const { queue } = fleet.world;
  queue.after(prng.between(...BETWEEN_MS), () => {
    stalled();
    node.pause();
    queue.after(STALL_MS, () => {
      node.resume();
      stallNowAndThen(fleet, prng, node, stalled);
    });
  });
}
