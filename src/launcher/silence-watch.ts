// How long a child has been silent, in time that the launcher itself was awake for: each look adds at most one
// interval, so a launcher that was stopped for an hour (SIGSTOP, a suspended machine) blames nobody for it.

export class SilenceWatch {
  private silentForMs = 0;
  private lookedAtMs: number;
  private everHeard = false;

  constructor(
    nowMs: number,
    private readonly intervalMs: number,
  ) {
    this.lookedAtMs = nowMs;
  }

  /** A sign of life arrived. */
  heard(): void {
    this.silentForMs = 0;
    this.everHeard = true;
  }

  /** To be called about every `intervalMs`; returns whether the silence exceeds what is allowed. */
  isHung(nowMs: number, hungAfterMs: number, startGraceMs: number): boolean {
    this.silentForMs += Math.min(nowMs - this.lookedAtMs, this.intervalMs);
    this.lookedAtMs = nowMs;
    return this.silentForMs >= (this.everHeard ? hungAfterMs : Math.max(hungAfterMs, startGraceMs));
  }
}
