// A peer that hangs costs a moment, not the write's timeout: writes at healthy nodes are
// acknowledged soon. Binds where one node at a time stands still and a quorum is left.
import type { Write } from '../run/history';
import type { World } from '../world/world';
import type { Checker } from './checker';

/**
 * The longest window, a relay's window, the longest once more for who is behind the relay, and
 * some.
 */
const WITHIN_MS = 650;
/** After standing still a node links to its peers anew. */
const SETTLED_AFTER_MS = 1000;

export class Prompt implements Checker {
  readonly name = 'prompt';
  readonly isOptional = true;

  settled(write: Write, world: World): string | null {
    const { node, level, outcome, askedAtMs } = write;
    const isHealthy =
      node.pausedMs === write.pausedMsWhenAsked && askedAtMs - node.runningSinceMs > SETTLED_AFTER_MS;
    if (level === 'all' || !isHealthy) return null;
    // Overwritten meanwhile: nobody sends it any more.
    const others = world.history.writesOfKey.get(write.key) ?? [];
    if (others.some((other) => other !== write && other.askedAtMs >= askedAtMs)) return null;
    const tookMs = world.queue.nowMs - askedAtMs;
    const what = `${node.identity.name} answered write ${write.number} with ${outcome?.kind ?? ''} after ${tookMs.toFixed(0)} ms`;
    return outcome?.kind === 'held' && tookMs <= WITHIN_MS ? null : what;
  }
}
