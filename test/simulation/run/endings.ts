// How a process ends, and when a peer finds its link to it gone.
import type { Pipe, PipeSurroundings } from '../world/link';

/**
 * `closed`: the kernel closes the links, what was sent still arrives. `reset`: a peer that writes
 * at that moment loses what it had not read. `silent`: the whole machine is gone, and nobody tells
 * its peers.
 */
export type Ending = 'closed' | 'reset' | 'silent';

/** A connection whose packets are lost dies after this, at each end for itself. */
export const CUT_LINK_DIES_MS = [10_000, 20_000] as const;
const RESET_MS = [0, 0.5] as const;

/** `pipe` led from the ended process to the peer. */
export function whenFoundGone(
  ending: Ending,
  pipe: Pipe,
  { queue, prng }: PipeSurroundings,
  down: () => void,
): void {
  if (ending === 'closed') return pipe.deliver(down);
  const [from, to] = ending === 'silent' ? CUT_LINK_DIES_MS : RESET_MS;
  queue.after(prng.between(from, to), down);
}
