// A reader of one node never goes back: what it was given is what somebody wrote, was not refused to the writer, and
// is never older than what the same node gave before (no resurrection, no lost update).
import { compareVersions, formatVersion, type Version } from '../../../src/core/version/version';
import { wasRefused, type Sighting, type Write } from '../history';
import type { SimNode } from '../sim-node';
import type { Checker } from './checker';

export class Monotone implements Checker {
  readonly name = 'monotone';
  private readonly newest = new Map<SimNode, Map<string, Version>>();

  saw({ node, key, record, write }: Sighting): string | null {
    const what = `${node.identity.name} gave ${formatVersion(record.version)} of ${key}`;
    if (write === null) {
      return record.value.byteLength > 0 ? `${what}, whose bytes nobody wrote under this key` : null;
    }
    if (write.version !== null && compareVersions(write.version, record.version) !== 0) {
      return `${what} with the value of ${formatVersion(write.version)}`;
    }
    if (wasRefused(write)) {
      return `${what}, which was refused to its writer (${write.outcome?.kind ?? ''})`;
    }
    return this.advance(node, key, record.version, what);
  }

  settled(write: Write): string | null {
    if (write.version === null) return null;
    return this.advance(write.node, write.key, write.version, null);
  }

  private advance(node: SimNode, key: string, version: Version, what: string | null): string | null {
    const ofNode = this.newest.get(node) ?? new Map<string, Version>();
    this.newest.set(node, ofNode);
    const before = ofNode.get(key);
    if (before === undefined || compareVersions(version, before) > 0) ofNode.set(key, version);
    else if (what !== null && compareVersions(version, before) < 0)
      return `${what} after ${formatVersion(before)}`;
    return null;
  }
}
