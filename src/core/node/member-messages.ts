// What members say about themselves and each other: pings, probes for others, views.
import { INCARNATION_MAX } from '../base/bounds';
import type { NodeId } from '../base/identity';
import type { Stage } from '../base/stage';
import type { Link } from '../links/link';
import type { Detector } from '../membership/detector';
import type { Membership } from '../membership/membership';
import type { Member } from '../peer/member';
import type { Received, ViewEntry } from '../wire/messages';
import type { Heartbeat } from './heartbeat';

type PingAck = Extract<Received, { type: 'pingAck' }>;
export type MemberMessage =
  PingAck | Extract<Received, { type: 'ping' | 'pingRequest' | 'pingRequestAnswer' | 'view' }>;

export class MemberMessages {
  constructor(
    private readonly heartbeat: Heartbeat,
    private readonly detector: Detector,
    private readonly membership: Membership,
    private readonly stage: Stage,
  ) {}

  take(message: MemberMessage, link: Link, member: Member): void {
    switch (message.type) {
      case 'ping':
        if (!link.owesManyAcks) this.heartbeat.say(link, 'pingAck', message.seq);
        this.heartbeat.heard(member, link, message.status, null);
        return;
      case 'pingAck':
        this.pingAck(message, link, member);
        return;
      case 'pingRequest':
        this.detector.asked(member, message.seq, message.target, this.stage.now.monoMs);
        return;
      case 'pingRequestAnswer':
        this.detector.answered(message.seq, message.reached);
        return;
      case 'view':
        this.view(message.entries, member);
    }
  }

  private pingAck({ seq, status }: PingAck, link: Link, member: Member): void {
    const { monoMs } = this.stage.now;
    const roundTripMs = this.detector.acked(member.id, seq, monoMs);
    if (roundTripMs !== null) {
      member.countedAtMs = Math.max(member.countedAtMs, monoMs - roundTripMs);
      const { offset, roundTrip, reception } = member;
      if (offset.answered(roundTripMs)) reception.interrupted();
      if (roundTrip.add(roundTripMs, monoMs) && !roundTrip.isMeasured) this.detector.pingNow(member, monoMs);
    }
    this.heartbeat.heard(member, link, status, roundTripMs);
  }

  private view(entries: readonly ViewEntry[], teller: Member): void {
    const { self } = this.membership;
    for (const entry of entries) {
      if (mayBeRefuted(entry, teller.id) || entry.identity.id === self.id)
        this.membership.apply(entry, teller.id, this.stage.now.monoMs);
    }
  }
}

/**
 * Nobody can answer an accusation with the highest incarnation by a higher one: this node's own
 * probes decide about it.
 */
function mayBeRefuted(entry: ViewEntry, teller: NodeId): boolean {
  return entry.state === 'alive' || entry.identity.id === teller || entry.incarnation < INCARNATION_MAX;
}
