// The store's books agree with what it holds, its listing with what it reads, and its limit is
// kept. (A listed value that had no room here is asked of a peer.)
import { keyBytes } from '../run/history';
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Checker } from './checker';

/** The oldest ones: those whose deadlines are next. */
const KEYS_READ = 500;

export class Accounting implements Checker {
  readonly name = 'accounting';
  private turn = 0;

  /** One node in turn, and some of its keys: a full recount is dear. */
  sampled(world: World): string[] {
    const live = world.live();
    this.turn += 1;
    return live.length === 0 ? [] : problemsOf(live[this.turn % live.length], KEYS_READ, world);
  }

  ended(world: World): string[] {
    return world.live().flatMap((node) => problemsOf(node, Infinity, world));
  }
}

function problemsOf(node: SimNode, keysRead: number, world: World): string[] {
  const now = node.now();
  const { usedBytes, limitBytes } = node.core.report().storage;
  const problems = [...node.core.audit()];
  if (usedBytes > limitBytes) problems.push(`${usedBytes} bytes are used of ${limitBytes}`);
  let read = 0;
  for (const key of node.core.liveKeys(now)) {
    if (read >= keysRead) break;
    read += 1;
    const isReadable = world.watch.read(node, key) !== null || node.core.mustAsk(keyBytes(key), now);
    if (!isReadable) problems.push(`${key} is listed and cannot be read`);
  }
  return problems.map((problem) => `${node.identity.name}: ${problem}`);
}
