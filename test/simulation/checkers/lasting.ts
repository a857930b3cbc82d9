// A value that a node gave, or acknowledged, stays readable there until its deadline or until a
// newer write replaces it. What its frame took is added to a value's age; a link that is slower one
// way than the other makes that too much by up to half its round trip. So where links lag, the
// deadline that the node gave with the value counts as well, and must not be early by more than
// that.
import type { Version } from '../../../src/core/base/version';
import type { Sighting, Write } from '../run/history';
import { SeenVersions } from '../run/seen-versions';
import type { SimNode } from '../world/sim-node';
import type { World } from '../world/world';
import type { Checker } from './checker';
import { mayBeOver, toleranceMs } from './deadline';

const ROUNDING_MS = 1;
/** The longest that the fault `lag` adds to a way. */
const LAG_MAX_MS = 1500;

export class Lasting implements Checker {
  readonly name = 'lasting';
  private readonly seen = new SeenVersions();
  /** True time until which each node gave the value of each key that it gave last. */
  private readonly given = new Map<SimNode, Map<string, number>>();
  /** Of the run's scenario; asked for at every sighting. */
  private heldMs: number | null = null;

  saw({ node, key, record, write }: Sighting, world: World): string | null {
    this.seen.note(node, key, record.version, world.history, write);
    this.heldMs ??= heldMaxMs(world);
    const { heldMs } = this;
    if (heldMs === 0) return null;
    const untilMs = node.clock.trueMsOf(record.deadlineMs);
    const ofNode = this.given.get(node);
    if (ofNode === undefined) this.given.set(node, new Map([[key, untilMs]]));
    else ofNode.set(key, untilMs);
    if (write === null) return null;
    const earlyMs = write.askedAtMs + write.ttlMs - untilMs;
    if (earlyMs <= toleranceMs(write, world) + heldMs) return null;
    return `${node.identity.name} gives ${key} until ${earlyMs.toFixed(0)} ms before its time is up`;
  }

  settled({ node, key, version }: Write, { history }: World): null {
    if (version !== null) this.seen.note(node, key, version, history);
    return null;
  }

  restamped({ node, key, version }: Write, before: Version): null {
    this.seen.replace(node, key, before, version);
    return null;
  }

  missed(node: SimNode, key: string, world: World): string | null {
    const version = this.seen.of(node, key);
    if (version === undefined || mayBeOver(key, version, world)) return null;
    const untilMs = this.given.get(node)?.get(key) ?? Infinity;
    if (world.queue.nowMs >= untilMs - ROUNDING_MS) return null;
    return `${node.identity.name} has lost ${key}, which it held and whose time is not up`;
  }
}

/** By how much one way of a link may be slower; two hops add half of that each to an age. */
function heldMaxMs({ scenario }: World): number {
  const lags = scenario.faults.some(({ kind }) => kind === 'lag');
  return Math.max(scenario.slowStartMs, lags ? LAG_MAX_MS : 0);
}
