// How far this node's wall clock is from its cluster's. A node further than half the allowed offset
// from the median of all clocks, its own among them, stamps with the median instead: its writes
// neither win for ever nor lose for ever. Every node takes the same median, so that all agree on a
// time, be it between two halves of a cluster that disagree. Nobody is moved by more than the
// allowed offset, however many say so: who claims to be a crowd must not own the time.

/**
 * The median of `offsetsMs`, null when there are none; of an even count the middle between the two
 * in the middle.
 */
export function medianOffsetMs(offsetsMs: readonly number[]): number | null {
  if (offsetsMs.length === 0) return null;
  const sorted = [...offsetsMs].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  if (sorted.length % 2 === 1) return upper;
  return (sorted[(sorted.length >> 1) - 1] + upper) / 2;
}

/**
 * Milliseconds to add to the own wall clock before stamping: 0 within half of `offsetMaxMs` of the
 * median, else the median, never more than `offsetMaxMs` either way. `peerOffsetsMs` = peer's wall
 * clock minus ours, one per peer.
 */
export function correctionMs(peerOffsetsMs: readonly number[], offsetMaxMs: number): number {
  const median = medianOffsetMs([0, ...peerOffsetsMs]) ?? 0;
  if (Math.abs(median) <= offsetMaxMs / 2) return 0;
  return Math.max(-offsetMaxMs, Math.min(offsetMaxMs, median));
}
