// "Absent" is true: no node says it of a key that was acknowledged and whose time is not up, from
// the moment it binds. Binds where nodes start, join and fill up, and nothing worse happens.
import { compareVersions } from '../../../src/core/base/version';
import type { Denial, Write } from '../run/history';
import type { World } from '../world/world';
import type { Checker } from './checker';
import { mayBeOver } from './deadline';

/**
 * A write that was answered as stored only has come everywhere by then in good health; one that was
 * held at once.
 */
const SPREAD_WITHIN_MS = 1000;
/** Where links begin slowly nobody waits for what they carry; two of them at most. */
const SLOW_HOPS = 2;

export class Truthful implements Checker {
  readonly name = 'truthful';
  readonly isOptional = true;

  denied({ node, key, minVersion, askedAtMs }: Denial, world: World): string | null {
    const alive = (world.history.writesOfKey.get(key) ?? []).find(
      ({ version, ...write }) =>
        version !== null &&
        isAnswered(write, askedAtMs - SLOW_HOPS * world.scenario.slowStartMs, world) &&
        (minVersion === null || compareVersions(version, minVersion) >= 0) &&
        !mayBeOver(key, version, world),
    );
    if (alive === undefined) return null;
    const { state } = node.core.report();
    const what = `write ${alive.number} of ${key} was answered ${alive.outcome?.kind ?? ''}`;
    return `${what}, and ${node.identity.name} (${state}) says that there is nothing`;
  }
}

function isAnswered(write: Omit<Write, 'version'>, byMs: number, { scenario }: World): boolean {
  const { outcome, settledAtMs, level } = write;
  if (settledAtMs === null || level === 'one') return false;
  if (outcome?.kind === 'held') return settledAtMs <= byMs;
  return scenario.line === null && settledAtMs <= byMs - SPREAD_WITHIN_MS;
}
