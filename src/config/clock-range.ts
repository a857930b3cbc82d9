// Whether the system clock shows a time that versions can be stamped with. Beyond it the order of
// writes ends: what was written last could never be overwritten. A test holds the range and that of
// the core together.

/** Milliseconds since 1970, exclusive: the year 2109. */
export const CLOCK_MS_MAX = 2 ** 42;

/** What is wrong and what to do, on one line; null when the clock will do. */
export function clockProblem(wallMs: number): string | null {
  if (wallMs >= 0 && wallMs < CLOCK_MS_MAX) return null;
  const [first, last] = [0, CLOCK_MS_MAX].map((ms) => new Date(ms).toISOString());
  const shown = Math.abs(wallMs) <= 8.64e15 ? new Date(wallMs).toISOString() : `${wallMs} ms since 1970`;
  return (
    `REPRAM did not start: the system clock shows ${shown}, and writes are ordered by times ` +
    `from ${first} to ${last}. Set the clock and start again.\n`
  );
}
