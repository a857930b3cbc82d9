// No life beyond the deadline: nobody reads a value later than write + TTL on the true clock, on
// any node, whatever was delayed, copied or repaired in between; and so nothing expired ever comes
// back.
import type { Version } from '../../../src/core/base/version';
import { wasRefused, type Sighting, type Write } from '../run/history';
import type { World } from '../world/world';
import type { Checker } from './checker';

/** Beside what depends on network and clocks: timers, rounding. Milliseconds. */
const BASE_MS = 30;
/** Two clocks of 200 ppm each, read twice. */
const DRIFT = 0.001;

/**
 * How late a value may still be seen: the least transit of each hop is unknowable, clocks drift
 * apart, and a machine that stood still with all its clocks cannot tell.
 */
export function toleranceMs(write: Pick<Write, 'ttlMs'>, world: World): number {
  const { delayMs, jitterMs } = world.scenario.weather;
  // What the first frames of a link took is told from the offset of two clocks only when it is more
  // than a second.
  const firstMs = 2 * world.scenario.slowStartMs;
  return BASE_MS + 4 * (delayMs + jitterMs) + write.ttlMs * DRIFT + world.frozenMs + firstMs;
}

/** Whether `version` of this key, or a write that may have replaced it, has run out by now. */
export function mayBeOver(key: string, version: Version, world: World): boolean {
  const writes = world.history.writesOfKey.get(key) ?? [];
  return writes.some((write) => {
    if (write.version !== null && world.history.isOlder(key, write.version, version)) return false;
    if (wasRefused(write)) return false;
    return write.askedAtMs + write.ttlMs - toleranceMs(write, world) <= world.queue.nowMs;
  });
}

export class Deadline implements Checker {
  readonly name = 'deadline';
  /** The latest sighting behind a deadline, tolerated ones too; milliseconds. */
  overstayMaxMs = 0;

  saw(sighting: Sighting, world: World): string | null {
    const { write, atMs, node } = sighting;
    if (write === null) return null;
    const overstayMs = atMs - (write.askedAtMs + write.ttlMs);
    this.overstayMaxMs = Math.max(this.overstayMaxMs, overstayMs);
    if (overstayMs <= toleranceMs(write, world)) return null;
    return `${node.identity.name} gave write ${write.number} of ${write.key} ${overstayMs.toFixed(1)} ms after its deadline (TTL ${write.ttlMs} ms)`;
  }
}
