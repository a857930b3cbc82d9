// Versions order the writes of one key: last writer wins by (hlc, origin, value), a total order, so
// replicas that have seen the same writes hold the same value. The clock is a hybrid logical clock
// (Kulkarni et al. 2014) with the logical part folded into the fraction: one tick is 1/1024 ms, so
// one number compares and adds like a time.
import type { NodeId } from './identity';
import { STAMP_MAX } from './bounds';
import type { Now } from './now';

/**
 * Ticks per millisecond of a hybrid logical clock stamp. A double holds such stamps exactly until
 * the year 2248; none above `STAMP_MAX` is given.
 */
export const HLC_TICKS_PER_MS = 1024;

export interface Version {
  /**
   * Hybrid logical clock stamp in 1/1024 ms since the Unix epoch; a whole number, 1 to `STAMP_MAX`.
   */
  readonly hlc: number;
  /** The node that stamped it. */
  readonly origin: NodeId;
}

/** Negative when `a` is older than `b`, positive when newer, 0 when they are the same write. */
export function compareVersions(a: Version, b: Version): number {
  if (a.hlc !== b.hlc) return a.hlc - b.hlc;
  if (a.origin === b.origin) return 0;
  return a.origin < b.origin ? -1 : 1;
}

/** A write with what else is known of when it was made. */
export interface Made extends Version {
  /** Its number among those of its origin. */
  readonly seq: number;
  /** Milliseconds since it was made, by monotonic clocks. */
  readonly ageMs: number;
}

/** Knows which stamps are from a future, and which of two writes is newer when one stamp is. */
export interface FutureJudge {
  /** Stamped further ahead than any clock that is right may have been. */
  isFuture(hlc: number, now: Now): boolean;
  /** Positive when `a` is newer; just one of the two is from the future. */
  compareWithFuture(a: Made, b: Made, now: Now): number;
}

/** The least version above this one. */
export function nextVersion({ hlc, origin }: Version): Version {
  const next = (BigInt(`0x${origin}`) + 1n).toString(16).padStart(16, '0');
  return next.length > 16 ? { hlc: hlc + 1, origin: '0'.repeat(16) } : { hlc, origin: next };
}

/** Wall-clock milliseconds at which a version was stamped, by its writer's clock. */
export function stampedAtMs(version: Version): number {
  return version.hlc / HLC_TICKS_PER_MS;
}

const LOW_DIGITS = 6;
const LOW = 16 ** LOW_DIGITS;

/**
 * The text form of `X-Repram-Version` and of the ETag: stamp in hexadecimal, a dash, the origin's
 * id.
 */
export function formatVersion({ hlc, origin }: Version): string {
  return `${hexadecimal(hlc)}-${origin}`;
}

/**
 * Each half is a small integer, which V8 writes in half the time that it takes for a number above
 * 2^31.
 */
function hexadecimal(stamp: number): string {
  const high = Math.floor(stamp / LOW);
  if (high === 0) return stamp.toString(16);
  return high.toString(16) + (stamp - high * LOW).toString(16).padStart(LOW_DIGITS, '0');
}

/** Parses what `formatVersion` wrote; null for anything else, and for stamps that no node gives. */
export function parseVersion(text: string): Version | null {
  const match = /^([0-9a-f]{1,14})-([0-9a-f]{16})$/.exec(text);
  if (match === null) return null;
  const hlc = Number.parseInt(match[1], 16);
  return hlc >= 1 && hlc <= STAMP_MAX ? { hlc, origin: match[2] } : null;
}
