// A reader of changes misses nothing and never goes back, however often it hangs up and at
// whichever node it goes on: what it was told is at any moment exactly what the node holds that it
// follows.
import { compareVersions, formatVersion, type Version } from '../../../src/core/base/version';
import type { Reader, Told } from '../run/readers';
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Checker } from './checker';

/** Larger stores are compared at the end only. */
const SAMPLED_KEYS_MAX = 2000;

export class Readers implements Checker {
  readonly name = 'readers';
  /** Connections after which nothing had to be listed anew. */
  resumed = 0;

  sampled(world: World): readonly string[] {
    if (isBeyond(world)) return [];
    return world.readers.flatMap((reader) => {
      const found = reader.problems.splice(0);
      const isSmall = (reader.node?.core.report().storage.keys ?? 0) <= SAMPLED_KEYS_MAX;
      return isSmall ? [...found, ...differences(reader)] : found;
    });
  }

  ended(world: World): readonly string[] {
    if (isBeyond(world)) return [];
    for (const { resumed } of world.readers) this.resumed += resumed;
    return world.readers.flatMap((reader) => differences(reader));
  }
}

/**
 * Frames are lost or come twice, which no stream does: that a transfer has ended is true only
 * behind all of it. Or a clock is further ahead than clocks may be, and its node takes back what it
 * told.
 */
function isBeyond({ scenario, settings }: World): boolean {
  const { lossRate, duplicateRate, replayRate } = scenario.weather;
  const isNoStream = lossRate + duplicateRate + replayRate > 0;
  const storms = scenario.faults.some(({ kind }) => kind === 'storm');
  return isNoStream || storms || (scenario.outlierSkewMs ?? 0) > settings.clockOffsetMaxMs;
}

function differences(reader: Reader): string[] {
  const { node, told } = reader;
  if (node === null || reader.standing !== 'current' || node.state !== 'running') return [];
  const held = heldBy(node);
  const found: string[] = [];
  for (const [key, version] of held) {
    const last = told.get(key) ?? overBefore(reader, key, version);
    // That it is over may have been told by a node whose deadline comes before this one's.
    if (last === undefined || compareVersions(last.version, version) !== 0)
      found.push(`was not told of ${formatVersion(version)} of ${key}, which ${node.identity.name} holds`);
  }
  for (const [key, { version, isOver }] of told)
    if (!isOver && !held.has(key))
      found.push(`was not told that ${formatVersion(version)} of ${key} is over at ${node.identity.name}`);
  return found;
}

/** A version that was over where the reader listed, and so was not told. */
function overBefore(reader: Reader, key: string, version: Version): Pick<Told, 'version'> | undefined {
  const over = reader.overBefore.get(key);
  return over !== undefined && compareVersions(over, version) === 0 ? { version } : undefined;
}

/** What is readable, and what has come to its end and was not looked at yet. */
function heldBy(node: SimNode): Map<string, Version> {
  const held = new Map<string, Version>();
  for (const each of node.core.changes.since(null, '', -1, node.now()))
    if (each !== undefined) held.set(each.key, each.known);
  return held;
}
