// Machines that sleep, and clocks that are set.
import type { Prng } from '../world/prng';
import type { Host } from '../world/surroundings';
import type { World } from '../world/world';
import type { Inflict, Undo } from './fault';

const STEP_MAX_MS = 60_000;
/** A machine that was stopped sets its wall clock right within this after it runs again. */
const SET_RIGHT_MAX_MS = 8000;

/** What time services and time zones do to a clock. */
const SET_FORWARD_MS = 3_600_000;
const SET_BACK_MS = -60_000;

type ClockFault = 'suspend' | 'freeze' | 'clock-step' | 'clock-set' | 'clock-set-right' | 'clocks-set-back';

export function clockFaults(world: World, prng: Prng): Record<ClockFault, Inflict> {
  return {
    suspend: () => sleep(world, prng, (_, sleptMs) => ({ timersStoodMs: sleptMs, clockStoodMs: 0 })),
    freeze: () =>
      sleep(world, prng, (host, sleptMs) => {
        host.wall.stepMs -= sleptMs;
        world.frozenMs += sleptMs;
        world.queue.after(prng.between(0, SET_RIGHT_MAX_MS), () => {
          host.wall.stepMs += sleptMs;
        });
        return { timersStoodMs: sleptMs, clockStoodMs: sleptMs };
      }),
    'clock-step': () => set(world, [prng.pick(world.hosts)], prng.between(-STEP_MAX_MS, STEP_MAX_MS)),
    'clock-set': () => set(world, [prng.pick(world.hosts)], prng.pick([SET_FORWARD_MS, SET_BACK_MS])),
    'clock-set-right': () => {
      const [{ wall }] = world.hosts;
      wall.stepMs = -wall.skewMs;
      return () => undefined;
    },
    'clocks-set-back': () => {
      const right = prng.pick(world.hosts);
      return set(
        world,
        world.hosts.filter((host) => host !== right),
        SET_BACK_MS,
      );
    },
  };
}

/** For how long of a sleep. */
interface Stood {
  readonly timersStoodMs: number;
  readonly clockStoodMs: number;
}

/** One machine; never one on which a process stands still for another reason. */
function sleep(world: World, prng: Prng, woke: (host: Host, sleptMs: number) => Stood): Undo | null {
  const host = prng.pick(world.hosts);
  const nodes = world.live().filter((node) => node.host === host);
  if (nodes.length === 0 || nodes.some((node) => node.state !== 'running' || node.leaving)) return null;
  const sleptAtMs = world.queue.nowMs;
  for (const node of nodes) node.pause();
  return () => {
    const sleptMs = world.queue.nowMs - sleptAtMs;
    const { timersStoodMs, clockStoodMs } = woke(host, sleptMs);
    for (const node of nodes) node.resume(timersStoodMs, clockStoodMs);
  };
}

/** Once at a time: what time it is most clocks must know, or have known. */
function set(world: World, hosts: readonly Host[], byMs: number): Undo | null {
  if (world.hosts.some(({ wall }) => wall.stepMs !== 0)) return null;
  for (const { wall } of hosts) wall.stepMs += byMs;
  return () => {
    for (const { wall } of hosts) wall.stepMs -= byMs;
  };
}
