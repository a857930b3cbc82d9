// A node whose clock was far ahead has stamped writes that other machines refuse. It and its
// neighbours would take nothing of what was written since for newer. When its clock is right again,
// each of them is given the stamp of the time at which it was made. Then it is older than what was
// written after it, newer than what it replaced, and peers take it (docs/protocol.md, Versions and
// time).
import type { CoreSettings } from '../base/settings';
import type { Stage } from '../base/stage';
import { HLC_TICKS_PER_MS, stampedAtMs } from '../base/version';
import type { Store } from '../store/store';
import type { WriteLog } from '../store/write-log';
import type { StampClock } from '../version/stamp-clock';
import type { Author } from './author';
import type { Others } from './others';

/** Writes looked at in one call. */
const BUDGET = 500;

/** A pass, what is looked at once more, and the way to the others. */
const OPEN_SHARE = 3;

export interface RestampingParts {
  readonly store: Store;
  readonly log: WriteLog;
  readonly clock: StampClock;
  readonly stage: Stage;
  readonly author: Author;
  readonly others: Others;
}

export interface RestampingEvents {
  /** Own writes have got other stamps. */
  readonly restamped: (writes: number) => void;
  /** Peers may hold what is newer than something here, and was not taken before. */
  readonly decided: () => void;
}

export class Restamping {
  /**
   * The time that was stamped by when all were looked at last, as its distance from the monotonic
   * clock.
   */
  private baseMs = -Infinity;
  /** The number looked at next; null: none is. */
  private nextSeq: number | null = null;
  /** When all are looked at once more; Infinity when none of them may be still under way. */
  private againAtMs = Infinity;
  private restamped = 0;
  /** Until then a write from the future may still get its true stamp. */
  private openUntilMs = -Infinity;
  /** When the last pass began. */
  private passAtMs = -Infinity;
  /** Neighbours alone hold some, and nobody else is there to be kept from what came after them. */
  private waitsForOthers = false;
  private readonly offsetMaxMs: number;
  /** After this time no acknowledgement is hoped for. */
  private readonly underWayMs: number;

  constructor(
    private readonly parts: RestampingParts,
    { clockOffsetMaxMs, writeTimeoutMs }: Pick<CoreSettings, 'clockOffsetMaxMs' | 'writeTimeoutMs'>,
    private readonly events: RestampingEvents,
  ) {
    this.offsetMaxMs = clockOffsetMaxMs;
    this.underWayMs = 2 * writeTimeoutMs;
  }

  tick(): void {
    const { log, clock, stage, author, others } = this.parts;
    const { monoMs } = stage.now;
    const baseMs = clock.timeMs(stage.now) - monoMs;
    const isBack = baseMs < this.baseMs - this.offsetMaxMs / 2;
    this.baseMs = isBack ? baseMs : Math.max(this.baseMs, baseMs);
    if (isBack) this.metFuture(0);
    if (author.aheadAtMs >= this.passAtMs) {
      this.lookAgain(author.aheadAtMs);
      this.metFuture(monoMs - author.aheadAtMs);
    }
    if (this.waitsForOthers && others.areThere()) this.lookAgain(monoMs);
    if (isBack || monoMs >= this.againAtMs) this.beginPass();
    if (this.openUntilMs !== -Infinity && !this.isUnderWay) {
      this.openUntilMs = -Infinity;
      this.events.decided();
    }
    for (let looked = 0; looked < BUDGET && this.nextSeq !== null; looked += 1) {
      if (this.nextSeq > log.last) this.endPass();
      else {
        this.look(this.nextSeq);
        this.nextSeq += 1;
      }
    }
  }

  /** Whether of two versions, one of them from the future, it is not sure yet which is newer. */
  get isUnderWay(): boolean {
    return this.parts.stage.now.monoMs < this.openUntilMs;
  }

  /** A version from the future was made here or came, so long ago. */
  metFuture(ageMs: number): void {
    const { monoMs } = this.parts.stage.now;
    const openUntilMs = monoMs - ageMs + OPEN_SHARE * this.underWayMs;
    if (openUntilMs > monoMs) this.openUntilMs = Math.max(this.openUntilMs, openUntilMs);
  }

  nextDeadlineMs(): number {
    if (this.nextSeq !== null) return this.parts.stage.now.monoMs;
    return this.openUntilMs === -Infinity ? this.againAtMs : Math.min(this.againAtMs, this.openUntilMs);
  }

  private beginPass(): void {
    this.nextSeq = this.parts.log.first;
    this.passAtMs = this.parts.stage.now.monoMs;
    this.againAtMs = Infinity;
    this.waitsForOthers = false;
  }

  /** Once what was under way at `sinceMs` is not any more. */
  private lookAgain(sinceMs: number): void {
    this.againAtMs = Math.min(this.againAtMs, sinceMs + this.underWayMs);
    this.waitsForOthers = false;
  }

  private look(seq: number): void {
    const { store, log, clock, stage, author, others } = this.parts;
    const replacedHlc = log.unshared.replacedHereBy(seq);
    const key = log.keyOf(seq);
    if (replacedHlc === undefined || key === undefined) return;
    const known = store.known(key);
    if (known?.seq !== seq || known.origin !== author.id || known.holding === 'not-held') return;
    const timeMs = clock.timeMs(stage.now);
    if (stampedAtMs(known) - timeMs <= this.offsetMaxMs) return;
    if (log.unshared.replacedBy(seq) === undefined) {
      if (!clock.isFuture(known.hlc, stage.now)) return;
      this.waitsForOthers ||= !others.areThere();
      if (this.waitsForOthers) return;
    }
    const ageMs = stage.now.monoMs - (known.expiresAtMs - known.ttlMs);
    if (ageMs < this.underWayMs) {
      this.lookAgain(stage.now.monoMs);
      return;
    }
    const restampedSeq = log.append(key);
    log.unshared.note(restampedSeq, replacedHlc);
    const latestHlc = (timeMs + this.offsetMaxMs) * HLC_TICKS_PER_MS;
    const groundHlc = replacedHlc <= latestHlc ? replacedHlc : author.grounds.of(key);
    const hlc = trueStamp(timeMs - ageMs, groundHlc <= latestHlc ? groundHlc : 0);
    store.restamp(key, { hlc, origin: author.id }, restampedSeq);
    this.restamped += 1;
  }

  private endPass(): void {
    const { restamped: writes } = this;
    this.nextSeq = null;
    this.restamped = 0;
    if (writes === 0) return;
    this.events.restamped(writes);
    this.events.decided();
  }
}

/** Of what was made at `madeAtMs`, above what it replaced. */
function trueStamp(madeAtMs: number, replacedHlc: number): number {
  return Math.max(1, Math.floor(madeAtMs * HLC_TICKS_PER_MS), replacedHlc + 1);
}
