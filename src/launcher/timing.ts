// The launcher's fixed times, all in milliseconds, and the arithmetic over them. Tests shorten
// them.

export interface LauncherTiming {
  /** A dead child is restarted after this, then twice that and so on up to the ceiling. */
  readonly backoffFirstMs: number;
  readonly backoffMaxMs: number;
  /** A child that ran this long starts again at `backoffFirstMs`. */
  readonly backoffResetAfterMs: number;
  /**
   * What still runs this long after the drain order is killed. Below the 10 s that `docker stop`
   * grants.
   */
  readonly drainDeadlineMs: number;
  /**
   * A child may be silent at least this long before its first message. Loading takes its time on a
   * busy machine.
   */
  readonly startGraceMs: number;
  /**
   * What a process missed while it stood still it has from the others this long after it woke. It
   * compares itself with them for five seconds.
   */
  readonly catchUpMs: number;
}

export const LAUNCHER_TIMING: LauncherTiming = {
  backoffFirstMs: 100,
  backoffMaxMs: 30_000,
  backoffResetAfterMs: 60_000,
  drainDeadlineMs: 7000,
  startGraceMs: 30_000,
  catchUpMs: 10_000,
};

/**
 * Milliseconds until the next start, after `deaths` (1..) deaths. Each of them but the last
 * followed a short life.
 */
export function restartDelayMs(deaths: number, timing: LauncherTiming): number {
  return Math.min(timing.backoffMaxMs, timing.backoffFirstMs * 2 ** Math.min(deaths - 1, 30));
}

/**
 * How often silence is looked at: four times within the time that counts as hung, at least every
 * second.
 */
export function watchIntervalMs(hungAfterMs: number): number {
  return Math.min(1000, hungAfterMs / 4);
}
