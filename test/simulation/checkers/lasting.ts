// A value that a node gave, or acknowledged, stays readable there until its deadline or until a newer write replaces it.
import type { Sighting, Write } from '../history';
import { SeenVersions } from '../seen-versions';
import type { SimNode } from '../sim-node';
import type { World } from '../world';
import type { Checker } from './checker';
import { mayBeOver } from './deadline';

export class Lasting implements Checker {
  readonly name = 'lasting';
  private readonly seen = new SeenVersions();

  saw({ node, key, record }: Sighting): null {
    this.seen.note(node, key, record.version);
    return null;
  }

  settled({ node, key, version }: Write): null {
    if (version !== null) this.seen.note(node, key, version);
    return null;
  }

  missed(node: SimNode, key: string, world: World): string | null {
    const version = this.seen.of(node, key);
    if (version === undefined || mayBeOver(key, version, world)) return null;
    return `${node.identity.name} has lost ${key}, which it held and whose time is not up`;
  }
}
