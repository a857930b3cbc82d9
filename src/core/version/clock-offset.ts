// How far this node's wall clock is from its peers'. A node further than half the allowed offset from the median
// of its peers stamps with the median instead of its own clock: its writes neither win for ever nor lose for ever.

/** The median of `offsetsMs`, null when there are none; an even count takes the one nearer to 0. */
export function medianOffsetMs(offsetsMs: readonly number[]): number | null {
  if (offsetsMs.length === 0) return null;
  const sorted = [...offsetsMs].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  if (sorted.length % 2 === 1) return upper;
  const lower = sorted[(sorted.length >> 1) - 1];
  return Math.abs(lower) <= Math.abs(upper) ? lower : upper;
}

/**
 * Milliseconds to add to the own wall clock before stamping: 0 within half of `offsetMaxMs` of the peers' median,
 * else the median. `peerOffsetsMs` = peer's wall clock minus ours, one per peer.
 */
export function correctionMs(peerOffsetsMs: readonly number[], offsetMaxMs: number): number {
  const median = medianOffsetMs(peerOffsetsMs);
  return median === null || Math.abs(median) <= offsetMaxMs / 2 ? 0 : median;
}
