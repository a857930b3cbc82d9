// The newest version of each key that each node has given to a reader, or acknowledged to a writer.
import { compareVersions, type Version } from '../../../src/core/base/version';
import type { History, Write } from './history';
import type { SimNode } from '../world/sim-node';

export class SeenVersions {
  private readonly newest = new Map<SimNode, Map<string, Version>>();

  of(node: SimNode, key: string): Version | undefined {
    return this.newest.get(node)?.get(key);
  }

  /** The newest one has got another stamp, or is over: null. */
  replace(node: SimNode, key: string, from: Version, to: Version | null): void {
    const newest = this.of(node, key);
    if (newest === undefined || compareVersions(newest, from) !== 0) return;
    if (to === null) this.newest.get(node)?.delete(key);
    else this.newest.get(node)?.set(key, to);
  }

  /** Returns the newest one before. */
  note(
    node: SimNode,
    key: string,
    version: Version,
    history: History,
    write?: Write | null,
  ): Version | undefined {
    const ofNode = this.newest.get(node);
    if (ofNode === undefined) {
      this.newest.set(node, new Map([[key, version]]));
      return undefined;
    }
    const before = ofNode.get(key);
    if (before === undefined || !history.isOlder(key, version, before, write)) ofNode.set(key, version);
    return before;
  }
}
