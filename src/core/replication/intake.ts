// What comes from peers on its way into the store: writes, relayed writes, records of a repair or a
// fetch. Says what became of each.
import { VALUE_BYTES_MAX } from '../base/bounds';
import type { Stage } from '../base/stage';
import type { Untaken } from '../anti-entropy/untaken';
import type { Membership } from '../membership/membership';
import { receptionFor } from '../membership/receptions';
import type { Member } from '../peer/member';
import type { Entry, Incoming } from '../store/entry';
import type { Fullness } from '../store/fullness';
import type { Store } from '../store/store';
import type { AckStatus } from '../wire/messages';
import type { StampGate } from './stamp-gate';

export interface Taken {
  readonly status: AckStatus;
  /** The version was not known here. */
  readonly isNew: boolean;
}

const REFUSED: Taken = { status: 'refused', isNew: false };

export class Intake {
  constructor(
    private readonly store: Store,
    private readonly fullness: Fullness,
    private readonly gate: StampGate,
    private readonly untaken: Untaken,
    private readonly membership: Membership,
    private readonly stage: Stage,
  ) {}

  /**
   * Null, or why no node would send this record. What clients of this node may write is no bound:
   * those of another may write more.
   */
  problemOf(record: Incoming, valueBytes: number | null = null): string | null {
    const bytes = valueBytes ?? record.value?.byteLength ?? 0;
    if (bytes > VALUE_BYTES_MAX) return `a value of ${bytes} bytes`;
    return record.ttlMs > 0 ? null : 'a record without a time-to-live';
  }

  /** Merges a sound record that `from` sent. */
  take(record: Incoming, from: Member): Taken {
    if (this.gate.refuses(record, from.id)) {
      if (this.gate.isLate(record)) this.untaken.refuses(this.stage.now.monoMs);
      return REFUSED;
    }
    const result = this.refusesKey(record) ? 'full' : this.gate.merge(record);
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
   * A version that a peer was asked for, as readers here see it whether it was kept or not, and
   * whether its bytes came or not; null when they may not. `untimely`: it is there, but stamped
   * further ahead than this node may take.
   */
  readable(record: Incoming): Entry | 'untimely' | null {
    if (this.gate.isUntimely(record)) return 'untimely';
    const known = this.store.known(record.key);
    const order = known === undefined ? 1 : this.gate.order(record);
    // A version whose life ended here has ended, whatever the peer's deadline: a second one would
    // bring it back.
    if (order < 0 || (order === 0 && known?.holding !== 'not-held')) return null;
    const entry = this.gate.transient(record, order === 0 ? known?.expiresAtMs : undefined);
    return entry.expiresAtMs <= this.stage.now.monoMs ? null : entry;
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
   * While full it takes no key it does not know: having refused a large value, it would take an
   * older, smaller one for the newest.
   */
  private refusesKey({ key, value }: Incoming): boolean {
    return value !== null && this.fullness.isFull && !this.store.has(key);
  }
}
