// What goes wrong between nodes.
import type { Link, Pipe } from '../world/link';
import type { Prng } from '../world/prng';
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Inflict, Undo } from './fault';

/** Frames lost, repeated and replayed during a storm. */
const STORM_RATE = 0.2;
const LAG_MS = [100, 1500] as const;

type NetworkFault = 'partition' | 'one-way' | 'pair-cut' | 'half-open' | 'stall' | 'lag' | 'storm' | 'reset';

export function networkFaults(world: World, prng: Prng): Record<NetworkFault, Inflict> {
  const { network } = world;
  return {
    partition: () => partition(world, prng, (from, to) => from !== to),
    'one-way': () => partition(world, prng, (from, to) => from && !to),
    'pair-cut': () => pairCut(world, prng),
    'half-open': () => withLink(world, prng, (link, side) => halfOpen(world, link, side)),
    stall: () => withLink(world, prng, (link, side) => stall(link.pipes[side])),
    lag: () => withLink(world, prng, (link, side) => lag(link.pipes[side], prng.between(...LAG_MS))),
    storm: () => {
      network.storm(STORM_RATE);
      return () => network.calm();
    },
    reset: () =>
      withLink(world, prng, (link) => {
        network.takeDown(link, 0);
        network.takeDown(link, 1);
        return () => {};
      }),
  };
}

/**
 * Between hosts; between nodes when there is only one host. `cuts` = frames from a node of one side
 * to one of the other are lost.
 */
function partition(world: World, prng: Prng, cuts: (from: boolean, to: boolean) => boolean): Undo {
  const placeOf = (node: SimNode): number =>
    world.hosts.length > 1 ? node.host.index : node.identity.listenPort;
  const sides = new Map<number, boolean>();
  const isInside = (node: SimNode): boolean => {
    const place = placeOf(node);
    const side = sides.get(place) ?? prng.chance(0.5);
    sides.set(place, side);
    return side;
  };
  return world.network.cut((from, to) => cuts(isInside(from), isInside(to)));
}

function pairCut(world: World, prng: Prng): Undo | null {
  const nodes = world.live();
  if (nodes.length < 3) return null;
  const [a] = nodes.splice(prng.below(nodes.length), 1);
  const b = prng.pick(nodes);
  return world.network.cut((from, to) => (from === a && to === b) || (from === b && to === a));
}

function halfOpen(world: World, link: Link, side: 0 | 1): Undo {
  link.isHalfOpen = true;
  world.network.takeDown(link, side);
  return () => {
    link.isHalfOpen = false;
  };
}

function stall(pipe: Pipe): Undo {
  pipe.stalled = true;
  return () => {
    pipe.stalled = false;
    pipe.release();
  };
}

function lag(pipe: Pipe, byMs: number): Undo {
  pipe.lagMs += byMs;
  return () => {
    pipe.lagMs -= byMs;
  };
}

function withLink(world: World, prng: Prng, inflict: (link: Link, side: 0 | 1) => Undo): Undo | null {
  const links = [...world.network.links];
  if (links.length === 0) return null;
  return inflict(prng.pick(links), prng.chance(0.5) ? 0 : 1);
}
