// Processes that end, leave or stand still.
import type { Prng } from '../prng';
import type { SimNode } from '../sim-node';
import type { World } from '../world';
import type { Inflict, Undo } from './fault';

/** A leaving process closes its sockets this long after it said goodbye. */
const LEAVE_MS = 300;
const STALLED_SHARE = 0.2;

type NodeFault = 'crash' | 'silent-crash' | 'leave' | 'pause' | 'stalls';

export function nodeFaults(world: World, prng: Prng): Record<NodeFault, Inflict> {
  return {
    crash: () => withNode(world, prng, (node) => world.crash(node, false)),
    'silent-crash': () => withNode(world, prng, (node) => world.crash(node, true)),
    leave: () => withNode(world, prng, (node) => leave(world, node)),
    pause: () => pause(prng, running(world), 1),
    stalls: () => pause(prng, running(world), Math.ceil(running(world).length * STALLED_SHARE)),
  };
}

export function running(world: World): SimNode[] {
  return world.live().filter((node) => node.state === 'running' && !node.leaving);
}

/** Takes a node away; the undo starts its successor. Never the last one of the network. */
function withNode(world: World, prng: Prng, take: (node: SimNode) => void): Undo | null {
  const candidates = world.live().filter((node) => !node.leaving);
  if (candidates.length < 2) return null;
  const node = prng.pick(candidates);
  take(node);
  const port = prng.chance(0.7) ? node.identity.listenPort : null;
  return () => {
    if (node.state !== 'gone') world.crash(node, false);
    world.start(node.host, port, node.settings);
  };
}

function leave(world: World, node: SimNode): void {
  node.leftAtMs = world.queue.nowMs;
  node.submit({ kind: 'drain' });
  world.queue.after(LEAVE_MS, () => {
    if (node.state !== 'gone') world.crash(node, false);
  });
}

function pause(prng: Prng, candidates: SimNode[], count: number): Undo | null {
  if (candidates.length === 0) return null;
  const stopped: SimNode[] = [];
  for (let i = 0; i < count; i += 1) {
    const [node] = candidates.splice(prng.below(candidates.length), 1);
    node.pause();
    stopped.push(node);
  }
  return () => {
    for (const node of stopped) node.resume();
  };
}
