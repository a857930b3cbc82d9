// Processes that end, leave or stand still.
import type { Prng } from '../world/prng';
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Inflict, Undo } from './fault';

/** A leaving process closes its sockets this long after it said goodbye. */
const LEAVE_MS = 300;
/** Longer than an acknowledgement is waited for. */
const BEHIND_MS = 1000;
const CRASH_AFTER_MS = [50, 300] as const;
const STALLED_SHARE = 0.2;
/** The first links of a process come up within this, and it stands still for so long then. */
const STUNNED_AFTER_MS = [1, 40] as const;
const STUNNED_MS = [1100, 3000] as const;

type NodeFault =
  'crash' | 'crash-when-ready' | 'stunned-start' | 'silent-crash' | 'leave' | 'pause' | 'stalls';

export function nodeFaults(world: World, prng: Prng): Record<NodeFault, Inflict> {
  return {
    crash: () => withNode(world, prng, (node) => world.crash(node)),
    'crash-when-ready': crashWhenReady(world, prng),
    'stunned-start': () =>
      withNode(
        world,
        prng,
        (node) => world.crash(node),
        (next) => stun(world, prng, next),
      ),
    'silent-crash': () => withNode(world, prng, (node) => world.crash(node, 'silent')),
    leave: () => withNode(world, prng, (node) => leave(world, node)),
    pause: () => pause(prng, running(world), 1),
    stalls: () => pause(prng, running(world), Math.ceil(running(world).length * STALLED_SHARE)),
  };
}

export function running(world: World): SimNode[] {
  return world.live().filter((node) => node.state === 'running' && !node.leaving);
}

/** Takes a node away; the undo starts its successor. Never the last one of the network. */
function withNode(
  world: World,
  prng: Prng,
  take: (node: SimNode) => void,
  started: (successor: SimNode) => void = () => undefined,
): Undo | null {
  const candidates = world.live().filter((node) => !node.leaving);
  if (candidates.length < 2) return null;
  const node = prng.pick(candidates);
  take(node);
  const port = prng.chance(0.7) ? node.identity.listenPort : null;
  return () => {
    if (node.state !== 'gone') world.crash(node);
    started(world.start(node.host, port, node.settings));
  };
}

function stun(world: World, prng: Prng, node: SimNode): void {
  const { queue } = world;
  queue.after(prng.between(...STUNNED_AFTER_MS), () => {
    if (node.state !== 'running') return;
    node.pause();
    queue.after(prng.between(...STUNNED_MS), () => node.resume());
  });
}

/**
 * One link of the node has fallen behind by then: what was on its way there is lost with it, though
 * others may have it.
 */
function crashWhenReady(world: World, prng: Prng): Inflict {
  let next: SimNode | null = null;
  return () => {
    if (!world.isWhole() || next?.state === 'running') return null;
    return withNode(world, prng, (node) => {
      next = node;
      const link = prng.pick(
        [...world.network.links].filter(({ ends }) => ends.some((end) => end.node === node)),
      );
      link.pipes[link.ends[0].node === node ? 0 : 1].lagMs += BEHIND_MS;
      world.queue.after(prng.between(...CRASH_AFTER_MS), () => {
        if (node.state !== 'gone') world.crash(node, 'reset');
      });
    });
  };
}

function leave(world: World, node: SimNode): void {
  node.leftAtMs = world.queue.nowMs;
  node.submit({ kind: 'drain' });
  world.queue.after(LEAVE_MS, () => {
    if (node.state !== 'gone') world.crash(node);
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
