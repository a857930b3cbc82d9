// What time it is, for stamps and for judging those of others. A wall clock that is set does not
// change the time: whether it was wrong before or is wrong now nobody here can tell. So the node
// keeps the line it was on beside the new one, timed on by the monotonic clock. It stamps by the
// line that the clocks of other machines are nearest to, by the wall clock where there are none,
// and takes the stamps of each line. A process that starts later hears from the others of its
// machine which lines their common clock has been on (told-lines.ts): it takes their stamps too,
// but stamps by none of them. Peers elsewhere choose among times that this process has seen the
// clock show, and correct the chosen one within the allowed offset; they never make a time of their
// own. Invariant: no line ends a life; lives are timed by monotonic clocks.
import type { Now } from '../base/now';
import { WALL_MS_MAX } from '../base/bounds';
import type { ToldLine } from '../base/told-line';
import { correctionMs, medianOffsetMs } from './clock-offset';
import { HybridClock } from './hybrid-clock';
import { HLC_TICKS_PER_MS, stampedAtMs, type FutureJudge, type Made, type Version } from '../base/version';
import { ToldLines } from './told-lines';

/** Ages leave out the ways: they are wrong by less than this share of the allowed offset. */
const AGE_ERROR_SHARE = 0.1;

/** Clocks that are set again and again come back to lines that are known. */
const LINES_MAX = 4;

/** A time that the own wall clock showed, as its distance from the monotonic clock. */
interface Line {
  baseMs: number;
  /** Monotonic milliseconds; Infinity for the line of the wall clock. */
  keptUntilMs: number;
}

export class StampClock implements FutureJudge {
  private readonly hybrid: HybridClock;
  /** That of the wall clock now. */
  private wall: Line;
  /** The one stamped by. */
  private line: Line;
  private lines: Line[];
  private readonly told: ToldLines;
  private elsewhereMs: number | null = null;
  private correction = 0;
  /** By how much the time that is stamped is behind the median of all clocks. */
  private lagMs = 0;
  private earliestPeerMs = Infinity;

  /**
   * @param offsetMaxMs how far clocks may be apart; half of it is the least jump that counts
   * @param keptMs for this long a line is remembered that the wall clock left: the longest life of
   * what was stamped on it
   */
  constructor(
    private readonly offsetMaxMs: number,
    private readonly keptMs: number,
    now: Now,
  ) {
    this.hybrid = new HybridClock(offsetMaxMs);
    this.wall = { baseMs: baseOf(now), keptUntilMs: Infinity };
    this.line = this.wall;
    this.lines = [this.wall];
    this.told = new ToldLines(keptMs, now.monoMs, offsetMaxMs / 2);
  }

  /** Once per call of the core; true when the wall clock was set since the last. */
  noticeSetting(now: Now): boolean {
    const baseMs = baseOf(now);
    const isSet = !this.isNear(this.wall, baseMs);
    if (isSet) this.leave(baseMs, now.monoMs);
    this.wall.baseMs = baseMs;
    return isSet;
  }

  /**
   * What the peers' clocks show, each as its distance from this node's monotonic clock,
   * milliseconds; `elsewhere` those of other machines among them: neighbours share this clock and
   * know no better; `known` those of all that told one, newcomers too: they correct nothing, but
   * what one of them does not call old is not old.
   */
  agree(all: readonly number[], elsewhere: readonly number[], known: readonly number[] = all): void {
    this.elsewhereMs = medianOffsetMs(elsewhere);
    this.choose();
    const offsetsMs = all.map((baseMs) => baseMs - this.line.baseMs);
    this.correction = correctionMs(offsetsMs, this.offsetMaxMs);
    this.lagMs = Math.max(0, (medianOffsetMs([0, ...offsetsMs]) ?? 0) - this.correction);
    this.earliestPeerMs = Math.min(Infinity, ...known);
  }

  /** Milliseconds from the own wall clock to the time that is stamped. */
  get offsetMs(): number {
    return this.line.baseMs + this.correction - this.wall.baseMs;
  }

  /**
   * What this node tells of its clock: the line it is on, uncorrected, so that corrections do not
   * feed on each other.
   */
  toldMs({ monoMs }: Now): number {
    return Math.max(0, Math.min(WALL_MS_MAX, this.line.baseMs + monoMs));
  }

  /** The lines that the wall clock has left, seen or heard of, for other processes here. */
  toldLines({ monoMs }: Now): ToldLine[] {
    return [...this.lines, ...this.told.kept(monoMs)]
      .filter((line) => line !== this.wall && monoMs < line.keptUntilMs)
      .map(({ baseMs, keptUntilMs }) => ({
        wallMs: Math.max(0, Math.min(WALL_MS_MAX, baseMs + monoMs)),
        keptForMs: Math.min(this.keptMs, keptUntilMs - monoMs),
      }));
  }

  /** Lines that another process of this machine says the common clock was on. */
  learn(told: readonly ToldLine[], { monoMs }: Now): void {
    const latestBaseMs = Math.max(...this.lines.map(({ baseMs }) => baseMs));
    for (const line of told)
      if (!this.lines.some((known) => this.isNear(known, line.wallMs - monoMs)))
        this.told.hear(line, latestBaseMs, monoMs);
  }

  /**
   * Of another's clock that is `baseMs` from this node's monotonic one: how far it is from the own
   * wall clock, milliseconds.
   */
  differenceMs(baseMs: number): number {
    return baseMs - this.wall.baseMs;
  }

  /** Whether `stamp` will be greater than the stamp of the version it replaces. */
  canStamp(now: Now, replaced: Pick<Version, 'hlc'> | undefined): boolean {
    return this.hybrid.canStamp(this.timeMs(now), replaced?.hlc);
  }

  /** Greater than the stamp of the version it replaces, whatever the clocks show. */
  stamp(now: Now, replaced: Pick<Version, 'hlc'> | undefined): number {
    return this.hybrid.stamp(this.timeMs(now), replaced?.hlc);
  }

  observe(hlc: number, now: Now): void {
    this.hybrid.observe(hlc, this.timeMs(now));
  }

  /**
   * Stamped further ahead of this node's clock than that of another may be: it is off by the
   * allowed offset, and corrected by as much.
   */
  isFuture(hlc: number, { monoMs }: Now): boolean {
    return this.isFutureOf(hlc, this.line.baseMs + monoMs);
  }

  /** The same by a clock that shows `wallMs`. */
  isFutureOf(hlc: number, wallMs: number): boolean {
    return hlc > (wallMs + 2 * this.offsetMaxMs) * HLC_TICKS_PER_MS;
  }

  /**
   * A stamp from the future tells nothing. Of one origin the numbers say which is newer. Of two the
   * age says when the one from the future was made: or a little earlier, so that all agree who got
   * it on ways of different lengths.
   */
  compareWithFuture(a: Made, b: Made, now: Now): number {
    if (a.origin === b.origin) return a.seq - b.seq;
    const timeMs = this.timeMs(now);
    const madeAtMs = (version: Made): number =>
      this.isFuture(version.hlc, now)
        ? timeMs - version.ageMs - this.offsetMaxMs * AGE_ERROR_SHARE
        : stampedAtMs(version);
    const laterMs = madeAtMs(a) - madeAtMs(b);
    return laterMs === 0 ? b.hlc - a.hlc : laterMs;
  }

  /**
   * By how much a version is stamped ahead of every time that this machine's clock has shown, as
   * far as is known, milliseconds.
   */
  aheadMs(version: Version, now: Now): number {
    let latestMs = Math.max(this.timeMs(now), this.told.latestBaseMs(now.monoMs) + now.monoMs);
    for (const { baseMs, keptUntilMs } of this.lines)
      if (now.monoMs < keptUntilMs) latestMs = Math.max(latestMs, baseMs + now.monoMs);
    return stampedAtMs(version) - Math.max(0, latestMs);
  }

  /** The same by the median of all clocks, where that is ahead of this one. */
  aheadOfMedianMs(version: Version, now: Now): number {
    return this.aheadMs(version, now) - this.lagMs;
  }

  /** `now` with the earliest time that any clock known here shows. */
  earliest(now: Now): Now {
    return { monoMs: now.monoMs, wallMs: this.earliestMs(now) };
  }

  /** Nothing is called old because one clock is ahead. */
  private earliestMs({ monoMs }: Now): number {
    const ownMs = this.line.baseMs + Math.min(0, this.correction);
    let earliestMs = Math.min(this.earliestPeerMs, this.told.earliestBaseMs(monoMs), ownMs);
    for (const { baseMs } of this.lines) earliestMs = Math.min(earliestMs, baseMs);
    return earliestMs + monoMs;
  }

  /** What is stamped by, milliseconds since 1970, 0 or more. */
  timeMs({ monoMs }: Now): number {
    return Math.max(0, this.line.baseMs + this.correction + monoMs);
  }

  private isNear(line: Line, baseMs: number): boolean {
    return Math.abs(line.baseMs - baseMs) < this.offsetMaxMs / 2;
  }

  private leave(baseMs: number, monoMs: number): void {
    this.wall.keptUntilMs = monoMs + this.keptMs;
    const known = this.lines.find((line) => line !== this.wall && this.isNear(line, baseMs));
    this.wall = known ?? { baseMs, keptUntilMs: Infinity };
    this.wall.keptUntilMs = Infinity;
    this.lines = this.lines.filter((line) => line !== this.wall);
    this.keep(this.wall, monoMs);
  }

  /** One more line. Those whose time is over go, and of too many the oldest. */
  private keep(line: Line, monoMs: number): void {
    const isUsed = (other: Line): boolean => other === this.line || other === this.wall;
    const others = this.lines.filter((other) => isUsed(other) || monoMs < other.keptUntilMs);
    const oldest = others.find((other) => !isUsed(other));
    this.lines = [...others.filter((other) => others.length < LINES_MAX || other !== oldest), line];
    this.choose();
  }

  /** The line that other machines are nearest to; of two as good as each other the one it is on. */
  private choose(): void {
    const { elsewhereMs } = this;
    if (elsewhereMs === null) {
      this.line = this.wall;
      return;
    }
    const distanceMs = ({ baseMs }: Line): number => Math.abs(baseMs - elsewhereMs);
    for (const line of this.lines)
      if (distanceMs(line) + this.offsetMaxMs / 4 < distanceMs(this.line)) this.line = line;
  }
}

function baseOf({ wallMs, monoMs }: Now): number {
  const boundedMs = Math.max(0, Math.min(WALL_MS_MAX, wallMs));
  return (Number.isNaN(boundedMs) ? 0 : boundedMs) - monoMs;
}
