// In good health "held" means readable on every port now: when no fault is at work, each node reads
// an acknowledged write, or a newer one, at the moment its writer is answered.
import { compareVersions } from '../../../src/core/base/version';
import { keyBytes, type Write } from '../run/history';
import type { World } from '../world/world';
import type { Checker } from './checker';
import { toleranceMs } from './deadline';

export class Visible implements Checker {
  readonly name = 'visible';
  readonly isOptional = true;

  settled(write: Write, world: World): string | null {
    if (write.version === null || write.level === 'one') return null;
    const what = `write ${write.number} of ${write.key}`;
    if (write.outcome?.kind !== 'held')
      return `${what} is only ${write.outcome?.kind ?? 'pending'} in good health`;
    const { nowMs } = world.queue;
    const isShort = world.history.writesOfKey
      .get(write.key)
      ?.some((other) => other.askedAtMs + other.ttlMs - toleranceMs(other, world) < nowMs);
    if (isShort === true) return null;
    for (const node of world.live()) {
      const record = node.core.read(keyBytes(write.key), node.now());
      if (record === null || compareVersions(record.version, write.version) < 0) {
        return `${what} was acknowledged and ${node.identity.name} reads ${record === null ? 'nothing' : 'an older one'}`;
      }
    }
    return null;
  }
}
