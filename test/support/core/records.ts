// Versions for tests of the core, with defaults for what a test does not care about.
import type { Entry, Incoming } from '../../../src/core/store/entry';
import { HLC_TICKS_PER_MS } from '../../../src/core/base/version';

export const ORIGIN_A = 'aaaaaaaaaaaaaaaa';
export const ORIGIN_B = 'bbbbbbbbbbbbbbbb';

/** A version stamped at `atMs` of wall-clock time. */
export function record(overrides: Partial<Incoming> & { readonly atMs?: number } = {}): Incoming {
  const { atMs = 1_000_000, ...rest } = overrides;
  return {
    key: 'k',
    value: new Uint8Array([1, 2, 3]),
    hlc: atMs * HLC_TICKS_PER_MS,
    origin: ORIGIN_A,
    seq: 1,
    ttlMs: 60_000,
    ageMs: 0,
    supersedesUntilMs: 0,
    ...rest,
  };
}

/** The same as a stored entry. */
export function entry(overrides: Partial<Entry> & { readonly atMs?: number } = {}): Entry {
  const { atMs = 1_000_000, ...rest } = overrides;
  const { ageMs, ...stored } = record({ atMs });
  return {
    ...stored,
    expiresAtMs: stored.ttlMs - ageMs,
    holding: 'value',
    ...rest,
  };
}
