// Work per call is bounded, so that no call holds up the event loop: frames sent, values taken in
// or expired.
import type { SimNode } from '../world/sim-node';
import type { Step } from '../world/surroundings';
import type { Checker } from './checker';

/** Eight frames on each link, of which there may be two per pair while one replaces the other. */
const FRAMES_PER_PEER = 16;
/** A full budget of expiries, and as many again by the largest frame that can arrive. */
const CHANGES_MAX = 4500;

export class Stepwise implements Checker {
  readonly name = 'stepwise';

  stepped(node: SimNode, { frames, changes }: Step): string | null {
    if (frames <= FRAMES_PER_PEER && changes <= CHANGES_MAX) return null;
    const peers = node.core.members(node.now()).length;
    if (frames <= FRAMES_PER_PEER * Math.max(1, peers) && changes <= CHANGES_MAX) return null;
    return `${node.identity.name} sent ${frames} frames and changed ${changes} values in one call`;
  }
}
