// What it means for the rest of the node that a link is gone, or the member itself.
import type { Repair } from '../anti-entropy/repair';
import { TIMING } from '../base/settings';
import type { Stage } from '../base/stage';
import type { Greeter } from '../discovery/greeter';
import type { Link } from '../links/link';
import type { Membership } from '../membership/membership';
import type { Member } from '../peer/member';
import type { Delivery } from '../replication/delivery';
import type { Links } from './links';

/**
 * After two links in a row that lived shorter the next dial waits: both ends might do the same for
 * ever.
 */
const BRIEF_LINK_MS = 1000;

export interface LossParts {
  readonly links: Links;
  readonly membership: Membership;
  readonly delivery: Delivery;
  readonly repair: Repair;
  readonly greeter: Greeter;
  readonly stage: Stage;
}

export class Losses {
  constructor(private readonly parts: LossParts) {}

  linkDown(linkId: number): void {
    const { links, membership, greeter, stage } = this.parts;
    const { monoMs } = stage.now;
    const link = links.get(linkId);
    const member = link === undefined ? undefined : membership.get(link.peerId);
    if (!links.detach(linkId, member) || link === undefined || member === undefined) return;
    this.unlinked(member);
    if (!member.isActive) return;
    stage.sink.notify({ kind: 'peer-link-lost', id: member.id, name: member.identity.name });
    const wasBrief = monoMs - link.upAtMs < BRIEF_LINK_MS;
    member.briefLinks = wasBrief ? member.briefLinks + 1 : 0;
    const waitMs = member.briefLinks > 1 ? TIMING.redialMs : 0;
    greeter.contact(member.identity, member.address, monoMs + waitMs);
    if (!membership.sameHost(member.identity))
      membership.suspect(member, membership.self.id, member.incarnation, monoMs);
  }

  /** A connection that lost its way carries nothing and says nothing: only a new one does. */
  silent(member: Member): void {
    const { links, greeter, stage } = this.parts;
    const { monoMs } = stage.now;
    const sinceMs = monoMs - TIMING.linkSilentMs;
    if (member.seenSince(sinceMs) || member.link === null || member.link.upAtMs > sinceMs) return;
    links.close(member, 'silent');
    this.unlinked(member);
    stage.sink.notify({ kind: 'peer-link-lost', id: member.id, name: member.identity.name });
    greeter.contact(member.identity, member.address, monoMs);
  }

  /**
   * Its word came by way of others, and this node's own probe found nothing: the member lives, and
   * the link to it carries nothing. It would be suspected and refute that for ever.
   */
  refuted(member: Member): void {
    if (member.unansweredSinceMs !== null && !member.seenSince(member.unansweredSinceMs)) this.silent(member);
  }

  /** The member is no part of the cluster any more. */
  gone(member: Member, reason: 'dead' | 'left' | 'replaced'): void {
    const { links, delivery, repair, greeter, stage } = this.parts;
    if (reason !== 'left') links.close(member, reason);
    delivery.lost(member);
    repair.gone(member);
    if (reason === 'dead') greeter.contact(member.identity, member.address, stage.now.monoMs);
    else greeter.settled(member.id);
  }

  /** What waited on this link was dropped, for others to have room. */
  dropped({ peerId }: Link): void {
    const member = this.parts.membership.get(peerId);
    if (member !== undefined) this.parts.delivery.lost(member);
  }

  private unlinked(member: Member): void {
    this.parts.delivery.lost(member);
    this.parts.repair.lost(member);
  }
}
