// The store's books agree with what it holds, its listing with what it reads, and its limit is kept. (A listed value that had no
// room here is asked of a peer.)
import { keyBytes } from '../history';
import type { SimNode } from '../sim-node';
import type { World } from '../world';
import type { Checker } from './checker';

export class Accounting implements Checker {
  readonly name = 'accounting';
  private turn = 0;

  /** One node in turn: a full recount is dear. */
  sampled(world: World): string[] {
    const live = world.live();
    this.turn += 1;
    return live.length === 0 ? [] : problemsOf(live[this.turn % live.length], world);
  }

  ended(world: World): string[] {
    return world.live().flatMap((node) => problemsOf(node, world));
  }
}

function problemsOf(node: SimNode, world: World): string[] {
  const now = node.now();
  const { usedBytes, limitBytes } = node.core.report().storage;
  const problems = [...node.core.audit()];
  if (usedBytes > limitBytes) problems.push(`${usedBytes} bytes are used of ${limitBytes}`);
  for (const key of node.core.liveKeys(now)) {
    const isReadable = world.watch.read(node, key) !== null || node.core.mustAsk(keyBytes(key), now);
    if (!isReadable) problems.push(`${key} is listed and cannot be read`);
  }
  return problems.map((problem) => `${node.identity.name}: ${problem}`);
}
