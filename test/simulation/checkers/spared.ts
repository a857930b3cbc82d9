// Nobody is declared dead who only was slow for a moment. Binds where nothing worse happens than
// that.
import type { Notification } from '../../../src/core/base/effects';
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Checker } from './checker';

export class Spared implements Checker {
  readonly name = 'spared';
  readonly isOptional = true;

  notified(node: SimNode, notification: Notification, world: World): string | null {
    if (notification.kind !== 'member-dead') return null;
    const accused = world.live().find(({ id }) => id === notification.id);
    if (accused === undefined) return null;
    return `${node.identity.name} declares ${accused.identity.name} dead, which runs: ${notification.reason}`;
  }
}
