// Which versions of peers a node may take, as far as their stamps go. One from a future that no
// clock here has shown is refused, and so is one of which it is not sure yet whether it is newer
// than what is held (docs/adr/0065-a-stamp-from-the-future-tells-nothing.md).
import type { NodeId } from '../base/identity';
import type { Stage } from '../base/stage';
import { stampedAtMs } from '../base/version';
import type { Entry, Incoming } from '../store/entry';
import type { MergeResult, Store } from '../store/store';
import type { StampClock } from '../version/stamp-clock';
import type { Grounds } from './grounds';
import type { Restamping } from './restamping';

export interface StampGateParts {
  readonly store: Store;
  readonly clock: StampClock;
  readonly grounds: Grounds;
  readonly restamping: Restamping;
  readonly stage: Stage;
}

export class StampGate {
  private refused = 0;
  private lastRefusedAtMs = -Infinity;

  constructor(
    private readonly parts: StampGateParts,
    private readonly clockOffsetMaxMs: number,
  ) {}

  /** Versions refused because they were too far ahead. */
  get refusedVersions(): number {
    return this.refused;
  }

  /** When one was refused last: something of the network is missing here. */
  get refusedAtMs(): number {
    return this.lastRefusedAtMs;
  }

  /** Whether this record of a peer may not be taken, now at least. */
  refuses(record: Incoming, from: NodeId): boolean {
    const { clock, restamping, stage } = this.parts;
    if (this.isUntimely(record)) {
      this.refusesFrom(from, clock.aheadMs(record, stage.now));
      return true;
    }
    if (clock.isFuture(record.hlc, stage.now)) restamping.metFuture(record.ageMs);
    return restamping.isUnderWay && this.isUndecided(record);
  }

  /** Stamped further ahead than this node may take. */
  isUntimely(record: Incoming): boolean {
    const { clock, stage } = this.parts;
    return clock.aheadMs(record, stage.now) > this.clockOffsetMaxMs;
  }

  /** Refused here, and taken where the clocks are right: that of this node is behind. */
  isLate(record: Incoming): boolean {
    const { clock, stage } = this.parts;
    return this.isUntimely(record) && clock.aheadOfMedianMs(record, stage.now) <= this.clockOffsetMaxMs;
  }

  /** Takes a record that was not refused. */
  merge(record: Incoming): MergeResult {
    const { store, clock, grounds, stage } = this.parts;
    clock.observe(record.hlc, stage.now);
    const earliest = clock.earliest(stage.now);
    if (clock.isFutureOf(record.hlc, earliest.wallMs))
      grounds.note(record.key, record.hlc, store.known(record.key), earliest);
    return store.merge(record, earliest, clock);
  }

  /** What is not stored, as readers see it. */
  transient(record: Incoming, expiresAtMs: number | undefined): Entry {
    const { store, clock, stage } = this.parts;
    return store.transient(record, clock.earliest(stage.now), expiresAtMs);
  }

  /** Positive when this record is newer than what is held of its key. Something must be held. */
  order(record: Incoming): number {
    const { store, clock, stage } = this.parts;
    return store.order(record, stage.now, clock);
  }

  /**
   * A write that its origin has just made and that something newer is known of by more than clocks
   * may be apart: its origin does not know what time it is, and must not take it for the newest.
   */
  isOutOfTime(record: Incoming): boolean {
    const known = this.parts.store.known(record.key);
    if (known === undefined || known.hlc <= record.hlc) return false;
    const aheadMs = stampedAtMs(known) - stampedAtMs(record);
    // What is held may be what was stamped by a clock that is right since.
    return aheadMs - record.ageMs > this.clockOffsetMaxMs && this.order(record) < 0;
  }

  /**
   * Either this record or what is held is from the future, and by the stamp that it will get the
   * other one may be the newer. Once it has got that, all decide alike.
   */
  private isUndecided(record: Incoming): boolean {
    const { store, clock, stage } = this.parts;
    const known = store.known(record.key);
    if (known === undefined || known.origin === record.origin) return false;
    if (clock.isFuture(known.hlc, stage.now) === clock.isFuture(record.hlc, stage.now)) return false;
    return this.order(record) > 0 === known.hlc > record.hlc;
  }

  private refusesFrom(from: NodeId, aheadMs: number): void {
    const { stage } = this.parts;
    this.lastRefusedAtMs = stage.now.monoMs;
    this.refused += 1;
    if (this.refused === 1)
      stage.sink.notify({ kind: 'version-refused', from, aheadMs: Math.round(aheadMs) });
  }
}
