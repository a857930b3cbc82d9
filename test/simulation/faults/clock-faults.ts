// Machines that sleep, and clocks that are set.
import type { Prng } from '../prng';
import type { Host } from '../surroundings';
import type { World } from '../world';
import type { Inflict, Undo } from './fault';

const STEP_MAX_MS = 60_000;
/** A machine that was stopped sets its wall clock right within this after it runs again. */
const SET_RIGHT_MAX_MS = 8000;

type ClockFault = 'suspend' | 'freeze' | 'clock-step';

export function clockFaults(world: World, prng: Prng): Record<ClockFault, Inflict> {
  return {
    suspend: () =>
      sleep(world, prng, (_, sleptMs) => {
        const isNoticed = sleptMs >= world.settings.clockOffsetMaxMs / 2;
        world.slept[isNoticed ? 'monoMs' : 'unnoticedMs'] += sleptMs;
      }),
    freeze: () =>
      sleep(world, prng, (host, sleptMs) => {
        host.wall.stepMs -= sleptMs;
        world.slept.unnoticedMs += sleptMs;
        world.queue.after(prng.between(0, SET_RIGHT_MAX_MS), () => {
          host.wall.stepMs += sleptMs;
        });
      }),
    'clock-step': () => step(world, prng),
  };
}

/** One machine; never one on which a process stands still for another reason. */
function sleep(world: World, prng: Prng, woke: (host: Host, sleptMs: number) => void): Undo | null {
  const host = prng.pick(world.hosts);
  const nodes = world.live().filter((node) => node.host === host);
  if (nodes.length === 0 || nodes.some((node) => node.state !== 'running' || node.leaving)) return null;
  const sleptAtMs = world.queue.nowMs;
  for (const node of nodes) node.pause();
  return () => {
    const sleptMs = world.queue.nowMs - sleptAtMs;
    woke(host, sleptMs);
    for (const node of nodes) node.resume(sleptMs);
  };
}

/** One clock at a time: what time it is most clocks must know. */
function step(world: World, prng: Prng): Undo | null {
  if (world.hosts.some(({ wall }) => wall.stepMs !== 0)) return null;
  const { wall } = prng.pick(world.hosts);
  const stepMs = prng.between(-STEP_MAX_MS, STEP_MAX_MS);
  wall.stepMs += stepMs;
  return () => {
    wall.stepMs -= stepMs;
  };
}
