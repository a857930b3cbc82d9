// A node whose clock was far ahead has stamped writes that its peers refuse: it alone holds them,
// and would take nothing of what was written since for newer. When its clock is right again, each
// of them is given the stamp of the time at which it was made. Then it is older than what was
// written after it, newer than what it replaced, and peers take it (docs/protocol.md, Versions and
// time).
import type { NodeId } from '../base/identity';
import type { CoreSettings } from '../base/settings';
import type { Stage } from '../base/stage';
import { HLC_TICKS_PER_MS, stampedAtMs } from '../base/version';
import type { Store } from '../store/store';
import type { WriteLog } from '../store/write-log';
import type { StampClock } from '../version/stamp-clock';

/** Writes looked at in one call. */
const BUDGET = 500;

export interface RestampingParts {
  readonly self: NodeId;
  readonly store: Store;
  readonly log: WriteLog;
  readonly clock: StampClock;
  readonly stage: Stage;
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
  private readonly offsetMaxMs: number;
  /** After this time no acknowledgement is hoped for. */
  private readonly underWayMs: number;

  constructor(
    private readonly parts: RestampingParts,
    { clockOffsetMaxMs, writeTimeoutMs }: Pick<CoreSettings, 'clockOffsetMaxMs' | 'writeTimeoutMs'>,
    /** Peers may hold something newer than what was restamped. */
    private readonly onDone: () => void,
  ) {
    this.offsetMaxMs = clockOffsetMaxMs;
    this.underWayMs = 2 * writeTimeoutMs;
  }

  tick(): void {
    const { log, clock, stage } = this.parts;
    const { monoMs } = stage.now;
    const baseMs = clock.timeMs(stage.now) - monoMs;
    const isBack = baseMs < this.baseMs - this.offsetMaxMs / 2;
    this.baseMs = isBack ? baseMs : Math.max(this.baseMs, baseMs);
    if (isBack || monoMs >= this.againAtMs) {
      this.nextSeq = log.first;
      this.againAtMs = Infinity;
    }
    for (let looked = 0; looked < BUDGET && this.nextSeq !== null; looked += 1) {
      if (this.nextSeq > log.last) this.endPass();
      else {
        this.look(this.nextSeq);
        this.nextSeq += 1;
      }
    }
  }

  nextDeadlineMs(): number {
    return this.nextSeq === null ? this.againAtMs : this.parts.stage.now.monoMs;
  }

  private look(seq: number): void {
    const { self, store, log, clock, stage } = this.parts;
    const replacedHlc = log.unshared.replacedBy(seq);
    const key = log.keyOf(seq);
    if (replacedHlc === undefined || key === undefined) return;
    const known = store.known(key);
    if (known?.seq !== seq || known.origin !== self || known.holding === 'not-held') return;
    const timeMs = clock.timeMs(stage.now);
    if (stampedAtMs(known) - timeMs <= this.offsetMaxMs) return;
    const ageMs = stage.now.monoMs - (known.expiresAtMs - known.ttlMs);
    if (ageMs < this.underWayMs) {
      this.againAtMs = stage.now.monoMs + this.underWayMs;
      return;
    }
    const restampedSeq = log.append(key);
    log.unshared.note(restampedSeq, replacedHlc);
    store.restamp(key, this.trueStamp(timeMs - ageMs, replacedHlc, timeMs), restampedSeq);
    this.restamped += 1;
  }

  /**
   * Of what was made at `madeAtMs`; above what it replaced, unless that is from the future as well.
   */
  private trueStamp(madeAtMs: number, replacedHlc: number, timeMs: number): number {
    const hlc = Math.max(1, Math.floor(madeAtMs * HLC_TICKS_PER_MS));
    const latestHlc = (timeMs + this.offsetMaxMs) * HLC_TICKS_PER_MS;
    return replacedHlc <= latestHlc ? Math.max(hlc, replacedHlc + 1) : hlc;
  }

  private endPass(): void {
    const { restamped: writes } = this;
    this.nextSeq = null;
    this.restamped = 0;
    if (writes === 0) return;
    this.parts.stage.sink.notify({ kind: 'writes-restamped', writes });
    this.onDone();
  }
}
