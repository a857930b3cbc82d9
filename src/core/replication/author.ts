// Makes versions of what this node's clients write: a stamp above the version it replaces, the next
// number in the log of own writes, and how long it must outlive what it replaces.
import type { NodeId, SelfIdentity } from '../base/identity';
import type { Input } from '../base/inputs';
import type { Stage } from '../base/stage';
import { stampedAtMs, type Version } from '../base/version';
import type { Entry, Known } from '../store/entry';
import type { Store } from '../store/store';
import type { WriteLog } from '../store/write-log';
import type { StampClock } from '../version/stamp-clock';
import { Grounds } from './grounds';

type Put = Extract<Input, { kind: 'put' }>;

export class Author {
  /** When a write was last stamped in the future, above what it replaced; ms, monotonic. */
  aheadAtMs = -Infinity;
  readonly grounds: Grounds;
  private isBeyondStamps = false;

  constructor(
    private readonly self: SelfIdentity,
    private readonly store: Store,
    private readonly log: WriteLog,
    private readonly clock: StampClock,
    private readonly stage: Stage,
  ) {
    this.grounds = new Grounds(clock);
  }

  get id(): NodeId {
    return this.self.id;
  }

  /** A value of so many bytes would be beyond the limit. */
  lacksRoomFor(key: string, bytes: number): boolean {
    return this.store.lacksRoom(key, bytes);
  }

  /** What a write of this key replaces. */
  known(key: string): Known | undefined {
    return this.store.known(key);
  }

  /** False when a write could not be stamped above what is held: it would change nothing. */
  canStamp(held: Known | undefined): boolean {
    const { now, sink } = this.stage;
    const isBeyond = !this.clock.canStamp(now, undefined);
    if (isBeyond && !this.isBeyondStamps)
      sink.notify({ kind: 'clock-beyond-stamps', timeMs: this.clock.timeMs(now) });
    this.isBeyondStamps = isBeyond;
    return !isBeyond && this.clock.canStamp(now, held);
  }

  /**
   * Stores it; there must be room. No entry: its life was over before it began.
   * @param older what is known of this key now
   */
  write(
    key: string,
    { value, ttlMs }: Put,
    older: Known | undefined,
  ): { entry: Entry | undefined; version: Version } {
    const { now } = this.stage;
    const olderUntilMs =
      older === undefined ? 0 : Math.max(older.supersedesUntilMs, stampedAtMs(older) + older.ttlMs);
    const hlc = this.clock.stamp(now, older);
    if (hlc - 1 === older?.hlc && this.clock.isFuture(hlc, now)) this.aheadAtMs = now.monoMs;
    const record = {
      key,
      value,
      hlc,
      origin: this.self.id,
      seq: this.log.append(key),
      ttlMs,
      ageMs: 0,
      supersedesUntilMs: olderUntilMs,
    };
    this.log.unshared.note(record.seq, this.heldElsewhere(older));
    const earliest = this.clock.earliest(now);
    this.grounds.note(key, hlc, older, earliest);
    this.store.merge(record, earliest);
    return { entry: this.store.peek(key), version: { hlc: record.hlc, origin: record.origin } };
  }

  /**
   * The stamp of what it replaces, or of the last version before that which others may hold; 0 =
   * none.
   */
  private heldElsewhere(older: Known | undefined): number {
    if (older === undefined) return 0;
    const isOwn = older.origin === this.self.id && older.seq >= this.log.first;
    return (isOwn ? this.log.unshared.replacedBy(older.seq) : undefined) ?? older.hlc;
  }
}
