// What a node gave and then gave no more, because its time was up, it never gives again.
import { compareVersions, formatVersion, type Version } from '../../../src/core/base/version';
import type { Sighting, Write } from '../run/history';
import { SeenVersions } from '../run/seen-versions';
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Checker } from './checker';

export class Resurrection implements Checker {
  readonly name = 'resurrection';
  private readonly seen = new SeenVersions();
  private readonly over = new Map<SimNode, Map<string, Version>>();

  missed(node: SimNode, key: string): null {
    const version = this.seen.of(node, key);
    if (version === undefined) return null;
    const ofNode = this.over.get(node) ?? new Map<string, Version>();
    this.over.set(node, ofNode.set(key, version));
    return null;
  }

  saw({ node, key, record: { version }, write }: Sighting, { history }: World): string | null {
    this.seen.note(node, key, version, history, write);
    const over = this.over.get(node)?.get(key);
    if (over === undefined) return null;
    if (compareVersions(version, over) !== 0 && !history.isOlder(key, version, over, write)) return null;
    return `${node.identity.name} gave ${formatVersion(version)} of ${key} after ${formatVersion(over)} was over there`;
  }

  restamped({ node, key, version }: Write, before: Version): null {
    this.seen.replace(node, key, before, version);
    const over = this.over.get(node)?.get(key);
    if (over !== undefined && compareVersions(over, before) === 0) this.over.get(node)?.delete(key);
    return null;
  }

  settled({ node, key, version }: Write, { history }: World): null {
    if (version !== null) this.seen.note(node, key, version, history);
    return null;
  }
}
