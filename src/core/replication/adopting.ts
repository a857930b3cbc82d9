// What was stamped in the future is given its true stamp by the node that wrote it (restamping.ts).
// Where that node is gone nobody would, and other machines refuse the version until the time of its
// stamp has come. So each node that holds it then makes it a write of its own. The value is the
// same on all of them, and the greatest of their stamps stays.
import type { CoreSettings } from '../base/settings';
import type { Stage } from '../base/stage';
import { HLC_TICKS_PER_MS } from '../base/version';
import type { Membership } from '../membership/membership';
import type { Known, Listed } from '../store/entry';
import type { Store } from '../store/store';
import type { WriteLog } from '../store/write-log';
import type { StampClock } from '../version/stamp-clock';
import type { RestampingEvents } from './restamping';
import type { Others } from './others';

/** Versions looked at in one call. */
const BUDGET = 500;

export interface AdoptingParts {
  readonly membership: Membership;
  readonly store: Store;
  readonly log: WriteLog;
  readonly clock: StampClock;
  readonly stage: Stage;
  readonly others: Others;
}

export class Adopting {
  private walk: IterableIterator<Listed | undefined> | null = null;
  private againAtMs = Infinity;
  private adopted = 0;
  /** Versions from the future were met whose writers were there. */
  private hasMet = false;
  private readonly underWayMs: number;

  constructor(
    private readonly parts: AdoptingParts,
    { writeTimeoutMs }: Pick<CoreSettings, 'writeTimeoutMs'>,
    private readonly events: RestampingEvents,
  ) {
    this.underWayMs = 2 * writeTimeoutMs;
  }

  /** Those who are there have given their writes true stamps. */
  begin(): void {
    this.againAtMs = this.parts.stage.now.monoMs;
  }

  /** A member is gone. */
  gone(): void {
    if (this.hasMet) this.againAtMs = Math.min(this.againAtMs, this.parts.stage.now.monoMs + this.underWayMs);
  }

  tick(): void {
    const { store, stage, others } = this.parts;
    if (this.walk === null && stage.now.monoMs >= this.againAtMs) {
      this.againAtMs = Infinity;
      this.hasMet = false;
      if (others.areThere()) this.walk = store.knownOf('', 0, (known) => this.isFromFuture(known));
    }
    for (let looked = 0; looked < BUDGET && this.walk !== null; looked += 1) {
      const step = this.walk.next();
      if (step.done === true) this.endWalk();
      else if (step.value !== undefined) this.look(step.value);
    }
  }

  nextDeadlineMs(): number {
    return this.walk === null ? this.againAtMs : this.parts.stage.now.monoMs;
  }

  private isFromFuture({ hlc, origin }: Known): boolean {
    const { clock, membership, stage } = this.parts;
    return origin !== membership.self.id && clock.isFuture(hlc, stage.now);
  }

  private look({ key, known }: Listed): void {
    const { membership, store, log, clock, stage, others } = this.parts;
    const { now } = stage;
    this.hasMet = true;
    if (known.holding === 'not-held' || others.hold(known)) return;
    if (membership.get(known.origin)?.isActive === true) return;
    const ageMs = now.monoMs - (known.expiresAtMs - known.ttlMs);
    if (ageMs < this.underWayMs) {
      this.againAtMs = Math.min(this.againAtMs, now.monoMs + this.underWayMs);
      return;
    }
    const hlc = Math.max(1, Math.floor((clock.timeMs(now) - ageMs) * HLC_TICKS_PER_MS));
    const seq = log.append(key);
    log.unshared.note(seq, 0);
    store.restamp(key, { hlc, origin: membership.self.id }, seq);
    this.adopted += 1;
  }

  private endWalk(): void {
    const { adopted } = this;
    this.walk = null;
    this.adopted = 0;
    if (adopted === 0) return;
    this.events.restamped(adopted);
    this.events.decided();
  }
}
