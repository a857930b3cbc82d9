// The two clocks a core call may look at. Both are handed in; the core has no clock of its own.

export interface Now {
  /**
   * Monotonic milliseconds (fractional) since an arbitrary start of this process; only differences
   * mean something.
   */
  readonly monoMs: number;
  /**
   * Wall-clock milliseconds since the Unix epoch; may be wrong, and may jump. Stamps versions,
   * never times anything.
   */
  readonly wallMs: number;
}
