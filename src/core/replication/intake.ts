// What comes from peers on its way into the store: writes, relayed writes, records of a repair or a
// fetch. Says what became of each; the stamp of one that comes from the future is refused.
import type { NodeId } from '../base/identity';
import type { CoreSettings } from '../base/settings';
import type { Stage } from '../base/stage';
import { stampedAtMs } from '../base/version';
import type { Membership } from '../membership/membership';
import { receptionFor } from '../membership/receptions';
import type { Member } from '../peer/member';
import type { Entry, Incoming } from '../store/entry';
import type { Fullness } from '../store/fullness';
import type { Store } from '../store/store';
import type { StampClock } from '../version/stamp-clock';
import type { AckStatus } from '../wire/messages';
import type { Restamping } from './restamping';

export interface Taken {
  readonly status: AckStatus;
  /** The version was not known here. */
  readonly isNew: boolean;
}

const REFUSED: Taken = { status: 'refused', isNew: false };

type IntakeSettings = Pick<CoreSettings, 'keyBytesMax' | 'valueBytesMax' | 'clockOffsetMaxMs'>;

export class Intake {
  private refused = 0;
  private lastRefusedAtMs = -Infinity;

  constructor(
    private readonly settings: IntakeSettings,
    private readonly store: Store,
    private readonly fullness: Fullness,
    private readonly clock: StampClock,
    private readonly restamping: Restamping,
    private readonly membership: Membership,
    private readonly stage: Stage,
  ) {}

  /** Versions refused for their stamp. */
  get refusedVersions(): number {
    return this.refused;
  }

  /** When a stamp was refused last: something of the network is missing here. */
  get refusedAtMs(): number {
    return this.lastRefusedAtMs;
  }

  /** Null, or why no node would send this record. */
  problemOf(record: Incoming, valueBytes: number | null = null): string | null {
    const { keyBytesMax, valueBytesMax } = this.settings;
    if (record.key.length < 1 || record.key.length > keyBytesMax)
      return `a key of ${record.key.length} bytes`;
    const bytes = valueBytes ?? record.value?.byteLength ?? 0;
    if (bytes > valueBytesMax) return `a value of ${bytes} bytes`;
    return record.ttlMs > 0 ? null : 'a record without a time-to-live';
  }

  /** Merges a sound record that `from` sent. */
  take(record: Incoming, from: Member): Taken {
    if (this.refusesStamp(record, from.id)) return REFUSED;
    const { now } = this.stage;
    this.clock.observe(record.hlc, now);
    const { clock } = this;
    if (clock.isFuture(record.hlc, now)) this.restamping.metFuture(record.ageMs);
    if (this.restamping.isUnderWay && this.isUndecided(record)) return REFUSED;
    const result = this.refusesKey(record) ? 'full' : this.store.merge(record, clock.earliest(now), clock);
    if (result === 'full') this.fullness.refuses();
    const { origin, seq } = record;
    const reception = receptionFor(this.membership, origin);
    if (result === 'full') reception?.refuse(seq, origin === from.id);
    else reception?.note(seq, origin === from.id);
    const isNew = result === 'stored' || result === 'stub';
    if (result === 'stored' || (result !== 'full' && !this.isReleased(record)))
      return { status: 'held', isNew };
    this.fullness.fills();
    return { status: 'full', isNew };
  }

  /**
   * A write that its origin has just made and that something newer is known of by more than clocks
   * may be apart: its origin does not know what time it is, and must not take it for the newest.
   */
  isOutOfTime(record: Incoming): boolean {
    const { key, hlc, origin, ageMs } = record;
    const known = this.store.known(key);
    if (known === undefined || known.hlc <= hlc) return false;
    const aheadMs = stampedAtMs(known) - stampedAtMs({ hlc, origin });
    if (aheadMs - ageMs <= this.settings.clockOffsetMaxMs) return false;
    // What is held may be what was stamped by a clock that is right since.
    const { now } = this.stage;
    return this.store.order(record, now, this.clock) < 0;
  }

  /**
   * A version that a peer was asked for, as readers here see it whether it was kept or not, and
   * whether its bytes came or not; null when they may not. `untimely`: it is there, but stamped
   * further ahead than this node may take.
   */
  readable(record: Incoming): Entry | 'untimely' | null {
    const { now } = this.stage;
    if (this.clock.aheadMs(record, now) > this.settings.clockOffsetMaxMs) return 'untimely';
    const known = this.store.known(record.key);
    const order = known === undefined ? 1 : this.store.order(record, now, this.clock);
    // A version whose life ended here has ended, whatever the peer's deadline: a second one would
    // bring it back.
    if (order < 0 || (order === 0 && known?.holding !== 'not-held')) return null;
    const expiresAtMs = order === 0 ? known?.expiresAtMs : undefined;
    const entry = this.store.transient(record, this.clock.earliest(now), expiresAtMs);
    return entry.expiresAtMs <= now.monoMs ? null : entry;
  }

  /**
   * Passes a write of the sender's own on to the others of this host, whatever becomes of it here.
   */
  relay(record: Incoming, from: Member): void {
    if (record.origin !== from.id || this.problemOf(record) !== null) return;
    const entry = this.store.transient(record, this.stage.now);
    for (const member of this.membership.active()) {
      if (member !== from && this.membership.sameHost(member.identity))
        member.link?.sendValue({ type: 'write', entry });
    }
  }

  /**
   * This very version is known here, but there was no room for its bytes: whoever counts copies
   * must not count this one.
   */
  private isReleased({ key, hlc, origin }: Incoming): boolean {
    const known = this.store.known(key);
    return known?.holding === 'not-held' && known.hlc === hlc && known.origin === origin;
  }

  /**
   * Either this record or what is held is from the future, and by the stamp that it will get the
   * other one may be the newer. Once it has got that, all decide alike.
   */
  private isUndecided(record: Incoming): boolean {
    const { now } = this.stage;
    const known = this.store.known(record.key);
    if (known === undefined || known.origin === record.origin) return false;
    if (this.clock.isFuture(known.hlc, now) === this.clock.isFuture(record.hlc, now)) return false;
    const order = this.store.order(record, now, this.clock);
    return order > 0 === known.hlc > record.hlc;
  }

  /**
   * While full it takes no key it does not know: having refused a large value, it would take an
   * older, smaller one for the newest.
   */
  private refusesKey({ key, value }: Incoming): boolean {
    return value !== null && this.fullness.isFull && !this.store.has(key);
  }

  private refusesStamp(record: Incoming, from: NodeId): boolean {
    const { now } = this.stage;
    const aheadMs = this.clock.aheadMs(record, now);
    if (aheadMs <= this.settings.clockOffsetMaxMs) return false;
    this.lastRefusedAtMs = now.monoMs;
    this.refused += 1;
    if (this.refused === 1)
      this.stage.sink.notify({ kind: 'version-refused', from, aheadMs: Math.round(aheadMs) });
    return true;
  }
}
