// No node takes in a version stamped further ahead than clocks may be apart: it would win for ever.
import { formatVersion, stampedAtMs } from '../../../src/core/base/version';
import { EPOCH_MS } from '../world/clock';
import type { Sighting } from '../run/history';
import type { World } from '../world/world';
import type { Checker } from './checker';

const SLACK_MS = 100;

export class Stamps implements Checker {
  readonly name = 'stamps';

  saw({ node, record, key }: Sighting, world: World): string | null {
    if (record.version.origin === node.id) return null;
    const aheadMs = stampedAtMs(record.version) - (EPOCH_MS + world.queue.nowMs);
    if (aheadMs <= world.settings.clockOffsetMaxMs + node.host.wall.worstMs + SLACK_MS) return null;
    return `${node.identity.name} gave ${formatVersion(record.version)} of ${key}, stamped ${aheadMs.toFixed(0)} ms ahead`;
  }
}
