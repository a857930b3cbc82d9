// A reader of changes misses nothing and never goes back, however often it hangs up and at
// whichever node it goes on: what it was told is at any moment exactly what the node holds that it
// follows.
import { compareVersions, formatVersion, type Version } from '../../../src/core/base/version';
import type { Reader } from '../run/readers';
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
 * Frames are lost, which no stream does: what one brings is the end of a transfer only behind all
 * of it. Or a clock is further ahead than clocks may be, and its node takes back what it told.
 */
function isBeyond({ scenario, settings }: World): boolean {
  return scenario.weather.lossRate > 0 || (scenario.outlierSkewMs ?? 0) > settings.clockOffsetMaxMs;
}

function differences(reader: Reader): string[] {
  const { node, told } = reader;
  if (node === null || reader.standing !== 'current' || node.state !== 'running') return [];
  const held = heldBy(node);
  const found: string[] = [];
  for (const [key, { version, isDue }] of held) {
    const last = told.get(key);
    const isTold =
      last !== undefined && (!last.isOver || isDue) && compareVersions(last.version, version) === 0;
    if (!isTold)
      found.push(`was not told of ${formatVersion(version)} of ${key}, which ${node.identity.name} holds`);
  }
  for (const [key, { version, isOver }] of told)
    if (!isOver && !held.has(key))
      found.push(`was not told that ${formatVersion(version)} of ${key} is over at ${node.identity.name}`);
  return found;
}

interface Held {
  readonly version: Version;
  /** Its deadline has come, and the node has not looked yet. */
  readonly isDue: boolean;
}

function heldBy(node: SimNode): Map<string, Held> {
  const held = new Map<string, Held>();
  const now = node.now();
  for (const each of node.core.changes.since(null, '', -1, now))
    if (each !== undefined)
      held.set(each.key, { version: each.known, isDue: each.known.expiresAtMs <= now.monoMs });
  return held;
}
