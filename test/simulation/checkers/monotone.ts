// A reader of one node never goes back: what it was given, or told of without its value, is what
// somebody wrote, was not refused to the writer, and is never older than what the same node gave
// before. And a writer goes forward:
// a write at a node that has given or acknowledged a version before is newer than that, whatever
// the clocks say.
import type { ReadRecord } from '../../../src/core/base/effects';
import { compareVersions, formatVersion, stampedAtMs, type Version } from '../../../src/core/base/version';
import { wasRefused, type Description, type Sighting, type Write } from '../run/history';
import { SeenVersions } from '../run/seen-versions';
import { EPOCH_MS } from '../world/clock';
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

  saw({ node, key, record, write }: Sighting): string | null {
    const problem = write === null ? problemOfNobodys(record) : problemOf(write, record);
    const before = problem === null && write !== null ? this.seen.note(node, key, record.version) : undefined;
    const isOlder = before !== undefined && compareVersions(record.version, before) < 0;
    if (problem === null && !isOlder) return null;
    const what = `${node.identity.name} gave ${formatVersion(record.version)} of ${key}`;
    return `${what}${problem ?? ` after ${before === undefined ? '' : formatVersion(before)}`}`;
  }

  restamped({ node, key, version, askedAtMs }: Write, before: Version): string | null {
    this.seen.replace(node, key, before, version);
    const lateMs = version === null ? 0 : stampedAtMs(version) - (EPOCH_MS + askedAtMs);
    if (lateMs <= STAMP_SLACK_MS) return null;
    return `${node.identity.name} gave ${key} a stamp ${lateMs.toFixed(0)} ms after it was written`;
  }

  described({ node, key, metadata: { version, valueBytes, ttlMs }, write }: Description): string | null {
    const before = this.seen.of(node, key);
    const what = `${node.identity.name} told of ${formatVersion(version)} of ${key}`;
    if (before !== undefined && compareVersions(version, before) < 0)
      return `${what} after ${formatVersion(before)}`;
    const isAsWritten =
      write === null || (write.key === key && write.valueBytes === valueBytes && write.ttlMs === ttlMs);
    return isAsWritten ? null : `${what} as of ${valueBytes} bytes for ${ttlMs} ms, which was not written`;
  }

  settled(write: Write): string | null {
    const { node, key, version } = write;
    if (version === null) return null;
    this.seen.note(node, key, version);
    const before = this.seenWhenAsked.get(write);
    if (before === undefined || compareVersions(version, before) > 0) return null;
    return `${node.identity.name} stamped ${formatVersion(version)} of ${key} though it had ${formatVersion(before)} before`;
  }
}

function problemOfNobodys({ value }: ReadRecord): string | null {
  return value.byteLength > 0 ? ', whose bytes nobody wrote under this key' : null;
}

function problemOf(write: Write, { version }: ReadRecord): string | null {
  if (write.version !== null && compareVersions(write.version, version) !== 0)
    return ` with the value of ${formatVersion(write.version)}`;
  return wasRefused(write) ? `, which was refused to its writer (${write.outcome?.kind ?? ''})` : null;
}
