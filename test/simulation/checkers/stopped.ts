// No effect after the end, and none between calls: a core acts only while it is called. A node that
// said goodbye takes no more writes.
import type { Write } from '../run/history';
import type { SimNode } from '../world/sim-node';
import type { Checker } from './checker';

export class Stopped implements Checker {
  readonly name = 'stopped';

  actedUnasked(node: SimNode, what: string): string {
    return `${node.identity.name} ${what}`;
  }

  settled({ node, askedAtMs, outcome, number }: Write): string | null {
    if (node.leftAtMs === null || askedAtMs <= node.leftAtMs || outcome?.kind === 'draining') return null;
    return `${node.identity.name} took write ${number} after it said goodbye`;
  }
}
