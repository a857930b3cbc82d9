// The times that the machine's clock is said to have shown before this process watched it. Whoever
// opens a connection on this machine may say so: nothing proves it. So what is said counts only for
// the time before this process began, in the first minute of it, reaches a day ahead at most, and
// moves no stamp of this node: it only lets it take what others stamped, and call less of it old.
// Invariant: the latest and the earliest that are said always have room, so nobody crowds a true
// one out.
import type { ToldLine } from '../base/told-line';

/** Of lines that were heard of, those between the latest and the earliest matter least. */
const TOLD_MAX = 4;
/** A clock that is set back from further ahead than any zone of time is was not just mistaken. */
const REACH_MS = 24 * 3_600_000;
/** The others notice that the clock was set when they next look: later, when they stood still. */
const NOTICED_WITHIN_MS = 60_000;
/**
 * Who is there when this process begins tells at its first words. What somebody tells later was
 * made up since, or matters no more.
 */
const TOLD_WITHIN_MS = 60_000;

/** A time as its distance from the monotonic clock, milliseconds. */
export interface HeardLine {
  readonly baseMs: number;
  /** Monotonic milliseconds. */
  keptUntilMs: number;
}

export class ToldLines {
  private lines: HeardLine[] = [];

  /**
   * @param keptMs for this long a line is remembered that the clock left
   * @param sinceMs from when on this process watches the clock itself, monotonic milliseconds
   * @param nearMs lines that are closer are one
   */
  constructor(
    private readonly keptMs: number,
    private readonly sinceMs: number,
    private readonly nearMs: number,
  ) {}

  /** @param latestBaseMs the latest that this process has seen the clock on */
  hear({ wallMs, keptForMs }: ToldLine, latestBaseMs: number, monoMs: number): void {
    if (monoMs > this.sinceMs + TOLD_WITHIN_MS) return;
    const baseMs = wallMs - monoMs;
    const keptUntilMs = monoMs + Math.min(this.keptMs, keptForMs);
    const leftAtMs = keptUntilMs - this.keptMs;
    if (leftAtMs > this.sinceMs + NOTICED_WITHIN_MS || baseMs > latestBaseMs + REACH_MS) return;
    const known = this.lines.find((line) => Math.abs(line.baseMs - baseMs) < this.nearMs);
    if (known === undefined) this.keep({ baseMs, keptUntilMs }, monoMs);
    else known.keptUntilMs = Math.max(known.keptUntilMs, keptUntilMs);
  }

  /** Milliseconds; -Infinity when nothing is kept. */
  latestBaseMs(monoMs: number): number {
    let latestMs = -Infinity;
    for (const { baseMs, keptUntilMs } of this.lines)
      if (monoMs < keptUntilMs) latestMs = Math.max(latestMs, baseMs);
    return latestMs;
  }

  /** Milliseconds; Infinity when nothing is kept. */
  earliestBaseMs(monoMs: number): number {
    let earliestMs = Infinity;
    for (const { baseMs, keptUntilMs } of this.lines)
      if (monoMs < keptUntilMs) earliestMs = Math.min(earliestMs, baseMs);
    return earliestMs;
  }

  kept(monoMs: number): readonly HeardLine[] {
    return this.lines.filter(({ keptUntilMs }) => monoMs < keptUntilMs);
  }

  private keep(line: HeardLine, monoMs: number): void {
    const sorted = [...this.kept(monoMs), line].sort((a, b) => a.baseMs - b.baseMs);
    if (sorted.length > TOLD_MAX) sorted.splice(1, 1);
    this.lines = sorted;
  }
}
