// A value that a node gave, or acknowledged, stays readable there until its deadline or until a newer write replaces it.
import { compareVersions, type Version } from '../../../src/core/version/version';
import { keyBytes, type Sighting, type Write } from '../history';
import type { SimNode } from '../sim-node';
import type { World } from '../world';
import type { Checker } from './checker';
import { mayBeOver } from './deadline';

export class Lasting implements Checker {
  readonly name = 'lasting';
  private readonly newest = new Map<SimNode, Map<string, Version>>();

  saw({ node, key, record }: Sighting): null {
    return this.note(node, key, record.version);
  }

  settled(write: Write): null {
    return write.version === null ? null : this.note(write.node, write.key, write.version);
  }

  missed(node: SimNode, key: string, world: World): string | null {
    const version = this.newest.get(node)?.get(key);
    if (version === undefined || mayBeOver(key, version, world)) return null;
    if (node.core.mustAsk(keyBytes(key), node.now())) return null;
    return `${node.identity.name} has lost ${key}, which it held and whose time is not up`;
  }

  private note(node: SimNode, key: string, version: Version): null {
    const ofNode = this.newest.get(node) ?? new Map<string, Version>();
    this.newest.set(node, ofNode);
    const before = ofNode.get(key);
    if (before === undefined || compareVersions(version, before) > 0) ofNode.set(key, version);
    return null;
  }
}
