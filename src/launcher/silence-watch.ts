// How long a child has been silent, in time in which it could have spoken. Each look adds at most
// one interval. So a launcher that was stopped for an hour (SIGSTOP, a suspended machine) blames no
// child for it. What the child spent waiting for a processor does not count. So on a busy machine
// no child is killed for being slow.

/** Milliseconds in which the child could not run for want of a processor. */
export interface Starvation {
  /** Since the last look; 0 at the first. */
  look(): number;
  /** The next look is a first one again. */
  forget(): void;
}

/** A process that was silent for so long stood still. A slow machine explains less. */
const STOOD_STILL_MS = 2000;

export class SilenceWatch {
  /** Time since its last sign of life in which it could have given another. */
  silentForMs = 0;
  private lookedAtMs: number;
  private everHeard = false;

  constructor(
    nowMs: number,
    private readonly intervalMs: number,
    private readonly starvation: Starvation,
  ) {
    this.lookedAtMs = nowMs;
  }

  /** A sign of life arrived. */
  heard(): void {
    this.silentForMs = 0;
    this.everHeard = true;
    this.starvation.forget();
  }

  /** It stood still, and has not only missed a beat or two. */
  get isLong(): boolean {
    return this.everHeard && this.silentForMs >= Math.max(STOOD_STILL_MS, 2 * this.intervalMs);
  }

  /** Adds what has passed since the last look. To be called about every `intervalMs`. */
  look(nowMs: number): void {
    const elapsedMs = nowMs - this.lookedAtMs;
    this.lookedAtMs = nowMs;
    // A child that speaks is not asked about: most children, most of the time.
    const starvedMs = this.silentForMs > 0 ? this.starvation.look() : 0;
    this.silentForMs += Math.min(Math.max(0, elapsedMs - starvedMs), this.intervalMs);
  }

  /** Whether the silence exceeds what is allowed: `startGraceMs` at least before the first word. */
  exceeds(hungAfterMs: number, startGraceMs: number): boolean {
    return this.silentForMs >= (this.everHeard ? hungAfterMs : Math.max(hungAfterMs, startGraceMs));
  }
}
