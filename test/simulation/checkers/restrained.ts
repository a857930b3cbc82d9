// Nobody dials in a frenzy: a node tries one address a few times a second at most, whatever becomes
// of its links.
import { endpointKey, type Endpoint } from '../../../src/core/base/identity';
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Checker } from './checker';

const DIALS_MAX = 10;
const WITHIN_MS = 1000;

export class Restrained implements Checker {
  readonly name = 'restrained';
  private readonly dials = new Map<string, number[]>();

  dialled(node: SimNode, endpoint: Endpoint, world: World): string | null {
    const what = `${node.id} ${endpointKey(endpoint)}`;
    const { nowMs } = world.queue;
    const recent = (this.dials.get(what) ?? []).filter((atMs) => atMs > nowMs - WITHIN_MS);
    this.dials.set(what, [...recent, nowMs]);
    if (recent.length !== DIALS_MAX) return null;
    return `${node.identity.name} dialled ${endpointKey(endpoint)} more than ${DIALS_MAX} times within ${WITHIN_MS} ms`;
  }
}
