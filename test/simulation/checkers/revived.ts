// No live member stays dead: of two nodes that run and hear each other neither goes on holding the
// other dead, or unknown.
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Checker } from './checker';

/**
 * Redials come every four seconds at the latest, and links that look alive and are not die within
 * twenty.
 */
const BOUND_MS = 30_000;

export class Revived implements Checker {
  readonly name = 'revived';
  /** Since when, by both ids. */
  private readonly sinceMs = new Map<string, number>();

  sampled(world: World): string[] {
    const { nowMs } = world.queue;
    const problems: string[] = [];
    const live = world.live().filter((node) => node.state === 'running' && !node.leaving);
    for (const node of live) {
      const active = new Set(
        node.core.members(node.now()).flatMap(({ id, state }) => (isActive(state) ? [id] : [])),
      );
      for (const other of live) {
        if (other === node) continue;
        const pair = `${node.id} ${other.id}`;
        if (active.has(other.id) || isApart(node, other, world)) this.sinceMs.delete(pair);
        else if (!this.sinceMs.has(pair)) this.sinceMs.set(pair, nowMs);
        else if (nowMs - (this.sinceMs.get(pair) ?? nowMs) > BOUND_MS)
          problems.push(`${node.identity.name} does not take ${other.identity.name} back`);
      }
    }
    return problems;
  }
}

function isActive(state: string): boolean {
  return state === 'alive' || state === 'suspect';
}

function isApart(a: SimNode, b: SimNode, { network }: World): boolean {
  return network.isCut(a, b) || network.isCut(b, a);
}
