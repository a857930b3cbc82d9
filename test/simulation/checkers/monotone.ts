// A reader of one node never goes back: what it was given, or told of without its value, is what
// somebody wrote, was not refused to the writer, and is never older than what the same node gave
// before. And a writer goes forward:
// a write at a node that has given or acknowledged a version before is newer than that, whatever
// the clocks say.
import type { ReadRecord } from '../../../src/core/base/effects';
import { compareVersions, formatVersion, stampedAtMs, type Version } from '../../../src/core/base/version';
import { wasRefused, type Description, type History, type Sighting, type Write } from '../run/history';
import { SeenVersions } from '../run/seen-versions';
import { EPOCH_MS } from '../world/clock';
import type { World } from '../world/world';
import type { Checker } from './checker';

/** Clocks that are right are this close; a stamp may be above that of what it replaced. */
const STAMP_SLACK_MS = 500;

export class Monotone implements Checker {
  readonly name = 'monotone';
  private readonly seen = new SeenVersions();
  private readonly seenWhenAsked = new Map<Write, Version>();

  asked(write: Write): null {
    const before = this.seen.of(write.node, write.key);
    if (before !== undefined) this.seenWhenAsked.set(write, before);
    return null;
  }

  saw({ node, key, record, write }: Sighting, { history }: World): string | null {
    const { version } = record;
    const problem = write === null ? problemOfNobodys(record) : problemOf(write, record, history);
    const before =
      problem === null && write !== null ? this.seen.note(node, key, version, history, write) : undefined;
    const isOlder = before !== undefined && history.isOlder(key, version, before, write);
    if (problem === null && !isOlder) return null;
    const what = `${node.identity.name} gave ${formatVersion(version)} of ${key}`;
    return `${what}${problem ?? ` after ${before === undefined ? '' : formatVersion(before)}`}`;
  }

  restamped({ node, key, version, askedAtMs }: Write, before: Version, { history }: World): string | null {
    this.seen.replace(node, key, before, version);
    if (version === null || compareVersions(version, before) === 0) return null;
    const lateMs = stampedAtMs(version) - (EPOCH_MS + askedAtMs);
    const others = history.writesOfKey.get(key) ?? [];
    const isJustAbove = others.some((other) => other.version?.hlc === version.hlc - 1);
    if (lateMs <= STAMP_SLACK_MS || isJustAbove) return null;
    return `${node.identity.name} gave ${key} a stamp ${lateMs.toFixed(0)} ms after it was written`;
  }

  described(
    { node, key, metadata: { version, valueBytes, ttlMs }, write }: Description,
    { history }: World,
  ): string | null {
    const before = this.seen.of(node, key);
    const what = `${node.identity.name} told of ${formatVersion(version)} of ${key}`;
    if (before !== undefined && history.isOlder(key, version, before))
      return `${what} after ${formatVersion(before)}`;
    const isAsWritten =
      write === null || (write.key === key && write.valueBytes === valueBytes && write.ttlMs === ttlMs);
    return isAsWritten ? null : `${what} as of ${valueBytes} bytes for ${ttlMs} ms, which was not written`;
  }

  settled(write: Write, { history }: World): string | null {
    const { node, key, version } = write;
    if (version === null) return null;
    this.seen.note(node, key, version, history);
    const before = this.seenWhenAsked.get(write);
    if (before === undefined) return null;
    if (compareVersions(version, before) !== 0 && !history.isOlder(key, version, before)) return null;
    return `${node.identity.name} stamped ${formatVersion(version)} of ${key} though it had ${formatVersion(before)} before`;
  }
}

function problemOfNobodys({ value }: ReadRecord): string | null {
  return value.byteLength > 0 ? ', whose bytes nobody wrote under this key' : null;
}

function problemOf(write: Write, { version }: ReadRecord, history: History): string | null {
  if (!history.isVersionOf(version, write)) return ` with the value of write ${write.number}`;
  return wasRefused(write) ? `, which was refused to its writer (${write.outcome?.kind ?? ''})` : null;
}
