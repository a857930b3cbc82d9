// How long a version lives on this node, and for how long it is remembered afterwards
// (docs/protocol.md, Versions and time).
import type { Now } from '../base/now';
import { TIMING } from '../base/settings';
import { stampedAtMs } from '../base/version';
import type { Incoming, Known } from './entry';

export interface LifetimeSettings {
  readonly ttlMaxMs: number;
  readonly clockOffsetMaxMs: number;
}

/** The year 2020: a clock that shows an earlier time was never set, and its stamps tell nothing. */
const CLOCKS_SET_SINCE_MS = 1_577_836_800_000;

export class Lifetimes {
  constructor(private readonly settings: LifetimeSettings) {}

  /**
   * No writer's settings, or lies, make a value outlive this node's longest time-to-live, or a stub
   * what it covers.
   */
  withinBounds(incoming: Incoming): Incoming {
    const { ttlMaxMs } = this.settings;
    const coveredUntilMs = stampedAtMs(incoming) + ttlMaxMs;
    if (incoming.ttlMs <= ttlMaxMs && incoming.supersedesUntilMs <= coveredUntilMs) return incoming;
    const ttlMs = Math.min(incoming.ttlMs, ttlMaxMs);
    return { ...incoming, ttlMs, supersedesUntilMs: Math.min(incoming.supersedesUntilMs, coveredUntilMs) };
  }

  /**
   * The rule of ages, but for what was stamped longer ago than anything lives, by every clock: a
   * machine brought back as it was days ago knows no better.
   */
  deadlineOf(incoming: Incoming, now: Now): number {
    const byAgeMs = deadlineByAge(incoming, now);
    const atMs = stampedAtMs(incoming);
    if (atMs < CLOCKS_SET_SINCE_MS) return byAgeMs;
    return Math.min(
      byAgeMs,
      now.monoMs + atMs + this.settings.ttlMaxMs + this.settings.clockOffsetMaxMs - now.wallMs,
    );
  }

  /**
   * A stub stays until no older version of its key can be alive anywhere: the longest life since it
   * was written. And it stays long enough for those to be told of the end who were away for a moment.
   */
  stubEndMs({ expiresAtMs, ttlMs }: Pick<Known, 'expiresAtMs' | 'ttlMs'>): number {
    const { ttlMaxMs, clockOffsetMaxMs } = this.settings;
    return expiresAtMs + Math.max(ttlMaxMs - ttlMs, TIMING.endsKeptMs) + clockOffsetMaxMs;
  }
}

/** The rule of ages: now + ttl - age. */
export function deadlineByAge({ ttlMs, ageMs }: Incoming, { monoMs }: Now): number {
  return monoMs + ttlMs - ageMs;
}
