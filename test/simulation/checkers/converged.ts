// Replicas that have seen the same writes hold the same: once faults end, all live nodes that have
// room come to equal roots, and every key reads the same on each of them; a full one reads that, or
// nothing.
import { formatVersion } from '../../../src/core/base/version';
import { keyBytes } from '../run/history';
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Checker } from './checker';

/** A node that held more of its limit than this may have refused what the others hold. */
const FULL_SHARE = 0.7;
/** A node takes new keys up to this share. */
const NEW_KEY_SHARE = 0.95;

export class Converged implements Checker {
  readonly name = 'converged';

  unrest(world: World): string[] {
    const live = world.live();
    const roomy = live.filter((node) => !mayLack(node, live));
    const roots = roomy.map((node) => node.core.report().storage.root);
    if (new Set(roots).size > 1) {
      return [`roots differ: ${roomy.map((node, i) => `${node.identity.name}=${roots[i]}`).join(' ')}`];
    }
    const keys = new Set(live.flatMap((node) => [...node.core.liveKeys(node.now())]));
    return [...keys].flatMap((key) => differences(key, live));
  }
}

/** A full node may have had no room; it then reads nothing. */
function differences(key: string, live: readonly SimNode[]): string[] {
  const readings = live.map((node) => {
    const record = node.core.read(keyBytes(key), node.now());
    if (record === null) return mayLack(node, live) || asks(node, key) ? null : 'nothing';
    return `${formatVersion(record.version)}/${record.value.byteLength}`;
  });
  const distinct = new Set(readings.filter((reading) => reading !== null));
  return distinct.size > 1 ? [`${key} reads ${readings.join(', ')}`] : [];
}

/** It knows that the value is elsewhere, because it had no room when the version came. */
function asks(node: SimNode, key: string): boolean {
  return node.core.mustAsk(keyBytes(key), node.now());
}

/** It is full, or one that holds more values has more of them than there is room for here. */
function mayLack(node: SimNode, live: readonly SimNode[]): boolean {
  const { usedBytes, valueBytes, limitBytes } = node.core.report().storage;
  const most = Math.max(...live.map(({ core }) => core.report().storage.valueBytes));
  return isFull(node) || usedBytes + most - valueBytes > limitBytes * NEW_KEY_SHARE;
}

export function isFull(node: SimNode): boolean {
  const { usedBytes, limitBytes } = node.core.report().storage;
  return usedBytes > limitBytes * FULL_SHARE;
}
