// Writes, their acknowledgements, and reads that peers ask this node for.
import type { Stage } from '../base/stage';
import { compareVersions } from '../base/version';
import type { Link } from '../links/link';
import type { Membership } from '../membership/membership';
import type { Member } from '../peer/member';
import { withoutValue, type Entry, type Incoming } from '../store/entry';
import type { Store } from '../store/store';
import type { Received } from '../wire/messages';
import type { Delivery } from './delivery';
import { toReadRecord, type Fetches, type Offered } from './fetches';
import type { Intake } from './intake';
import type { StampGate } from './stamp-gate';
import type { Standing } from './standing';

type FetchAsked = Extract<Received, { type: 'fetch' }>;
type FetchReply = Extract<Received, { type: 'fetchReply' }>;
export type ValueMessage = FetchAsked | FetchReply | Extract<Received, { type: 'write' | 'relay' | 'acks' }>;

export interface ValueMessageParts {
  readonly intake: Intake;
  readonly gate: StampGate;
  readonly delivery: Delivery;
  readonly fetches: Fetches;
  readonly answers: FetchAnswers;
  readonly membership: Membership;
}

export class ValueMessages {
  constructor(private readonly parts: ValueMessageParts) {}

  /** Null, or what was wrong with the message. */
  take(message: ValueMessage, link: Link, member: Member): string | null {
    switch (message.type) {
      case 'relay':
        if (!member.offset.isInDoubt) this.parts.intake.relay(message.record, member);
        return this.write(message.record, link, member);
      case 'write':
        return this.write(message.record, link, member);
      case 'acks':
        for (const { seq, status } of message.acks) this.parts.delivery.acknowledged(member, seq, status);
        return null;
      case 'fetch':
        this.parts.answers.answer(message, link, member.status?.full === true);
        return null;
      case 'fetchReply':
        return this.fetchReply(message, member);
    }
  }

  private write(record: Incoming, link: Link, member: Member): string | null {
    const { intake, gate, membership } = this.parts;
    const problem = intake.problemOf(record);
    if (problem !== null) return problem;
    const taken = member.offset.isInDoubt ? this.putOff(record, member) : intake.take(record, member).status;
    const status = taken === 'held' && gate.isOutOfTime(record) ? 'refused' : taken;
    // A relayed write is acknowledged to its origin: nobody else waits for it.
    const origin = record.origin === member.id ? link : membership.get(record.origin)?.link;
    origin?.ack({ seq: record.seq, status });
    return null;
  }

  /** Of unknown age: not taken in now, and missing, it comes again from its origin. */
  private putOff({ origin, seq }: Incoming, from: Member): 'refused' {
    if (origin === from.id) from.reception.putOff(seq);
    return 'refused';
  }

  /**
   * Readers do not wait until the way is measured. What is given to them then is dated by the first
   * round trips: else it would live longer by the way.
   */
  private datedByFirst(record: Incoming, { identity, roundTrip }: Member): Incoming {
    if (roundTrip.isMeasured || this.parts.membership.sameHost(identity)) return record;
    return { ...record, ageMs: record.ageMs + roundTrip.minMs / 2 };
  }

  private fetchReply(message: FetchReply, member: Member): string | null {
    const { requestId, record, valueBytes, isSure } = message;
    const { intake, fetches } = this.parts;
    // The next one is asked when its time is up.
    if (record !== null && member.offset.isInDoubt) return null;
    if (record !== null) {
      const problem = intake.problemOf(record, valueBytes);
      if (problem !== null) return problem;
      // Without its bytes it would be taken for one that is over.
      if (valueBytes === null) intake.take(this.datedByFirst(record, member), member);
    }
    fetches.answered(requestId, member, isSure, () =>
      record !== null ? offeredBy(intake.readable(record), valueBytes) : null,
    );
    return null;
  }
}

function offeredBy(entry: Entry | 'untimely' | null, valueBytes: number | null): Offered | 'untimely' | null {
  if (entry === null || entry === 'untimely') return entry;
  if (valueBytes === null) {
    const record = toReadRecord(entry);
    return record === null ? null : { kind: 'found', record };
  }
  const { hlc, origin, ttlMs, expiresAtMs: deadlineMs } = entry;
  return { kind: 'described', metadata: { valueBytes, version: { hlc, origin }, ttlMs, deadlineMs } };
}

export class FetchAnswers {
  constructor(
    private readonly store: Store,
    private readonly standing: Standing,
    private readonly stage: Stage,
  ) {}

  /**
   * Nothing is sent that would not help; what there is no room for now is not here. What is on its
   * way to the asker is not sent again: it answers the read as soon as it is there. A full one may
   * not keep it, and needs an answer of its own.
   */
  answer({ requestId, key, minVersion, isMetadataOnly }: FetchAsked, link: Link, isFull: boolean): void {
    const { monoMs } = this.stage.now;
    const held = this.store.known(key);
    const isReadable = held?.holding === 'value' && monoMs < held.expiresAtMs;
    const isEnough = isReadable && (minVersion === null || compareVersions(held, minVersion) >= 0);
    const whole: Entry | null = (isEnough ? this.store.peek(key) : undefined) ?? null;
    const value = whole?.value ?? null;
    if (value !== null && !isMetadataOnly && !isFull && link.carries(value)) return;
    const isSure = whole === null && !this.standing.mayBeWrong(key, monoMs);
    const valueBytes = isMetadataOnly ? (whole?.value?.byteLength ?? null) : null;
    const entry = whole === null || valueBytes === null ? whole : withoutValue(whole);
    if (!link.answer({ type: 'fetchReply', requestId, entry, valueBytes, isSure }))
      link.answer({ type: 'fetchReply', requestId, entry: null, valueBytes: null, isSure: false });
  }
}
