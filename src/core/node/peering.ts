// Everything between "a link came up" and "a member is part of the cluster": who answers where, which link stays, what a
// lost link means, what a member's status tells. Protocol rules live in membership/ and discovery/; this joins them.
import type { Repair } from '../anti-entropy/repair';
import { loopbackOf } from '../membership/address-rules';
import { Greeter, type GreeterPort } from '../discovery/greeter';
import type { Link } from '../links/link';
import { Links } from './links';
import { Awareness } from '../membership/awareness';
import { Detector, type DetectorPort } from '../membership/detector';
import { FailureDomains } from '../membership/failure-domains';
import type { Endpoint, SelfIdentity } from '../base/identity';
import type { Member } from '../peer/member';
import { Membership } from '../membership/membership';
import type { MembershipEvents } from '../membership/membership-events';
import type { Coordinator } from '../replication/coordinator';
import type { Store } from '../store/store';
import type { StampClock } from '../version/stamp-clock';
import type { NodeLoad } from '../base/report';
import type { Status, Watermark } from '../wire/messages';
import type { WriteLog } from '../store/write-log';
import { ClockAgreement } from './clock-agreement';
import type { DialFailure, Input } from '../base/inputs';
import type { Now } from '../base/now';
import type { Prng } from '../base/prng';
import { TIMING, type CoreSettings } from '../base/settings';
import type { Stage } from '../base/stage';

/** The parts that peering talks to and that are built after it. */
export interface PeeringPartners {
  readonly store: Store;
  readonly log: WriteLog;
  readonly load: () => NodeLoad;
  readonly coordinator: Coordinator;
  readonly repair: Repair;
  readonly frames: { read(bytes: Uint8Array, link: Link, member: Member): string | null };
}

/** After two links in a row that lived shorter the next dial waits: both ends might do the same for ever. */
const BRIEF_LINK_MS = 1000;

export class Peering {
  readonly awareness = new Awareness();
  readonly membership: Membership;
  readonly domains: FailureDomains;
  readonly links: Links;
  readonly detector: Detector;
  readonly greeter: Greeter;
  readonly clocks: ClockAgreement;
  private partners: PeeringPartners | null = null;

  constructor(
    readonly self: SelfIdentity,
    settings: CoreSettings,
    private readonly stage: Stage,
    private readonly clock: StampClock,
    prng: Prng,
    now: Now,
  ) {
    this.links = new Links(self, settings, stage);
    this.links.onDropped = ({ peerId }) => {
      const member = this.membership.get(peerId);
      if (member !== undefined) this.with.coordinator.delivery.lost(member);
    };
    this.membership = new Membership(self, this.membershipEvents());
    this.domains = new FailureDomains(self, this.membership);
    const { domains } = this;
    const isElsewhere = ({ identity }: Member): boolean => domains.of(identity) !== domains.of(self);
    this.clocks = new ClockAgreement(this.membership, clock, stage, settings.clockOffsetMaxMs, isElsewhere);
    this.detector = new Detector(this.membership, this.awareness, prng, this.detectorPort(), now.monoMs);
    this.greeter = new Greeter(
      self,
      this.membership,
      prng,
      this.greeterPort(),
      now.monoMs,
      settings.awaitedSources,
    );
  }

  join(partners: PeeringPartners): void {
    this.partners = partners;
  }

  linkUp(input: Extract<Input, { kind: 'link-up' }>, nowMs: number): void {
    const outbound = input.direction === 'outbound';
    if (outbound) this.greeter.dialled(input.endpoint, true);
    else if (this.membership.sameHost(input.identity))
      this.greeter.proven.add({ address: loopbackOf(this.self), port: input.identity.listenPort });
    if (input.identity.id === this.self.id) {
      this.stage.sink.close(input.linkId, 'self');
      return;
    }
    const known = this.membership.get(input.identity.id);
    const wasLinked = (known?.link ?? null) !== null;
    const member = this.membership.proven(input.identity, plainAddress(input.endpoint.address), nowMs);
    if (member === null) {
      this.stage.sink.close(input.linkId, 'crowded');
      return;
    }
    const stays = this.links.attach(input.linkId, member, outbound);
    this.greeter.settled(member.id);
    if (!stays) return;
    member.lastSeenMs = nowMs;
    member.link?.say({ type: 'view', entries: this.membership.view(this.stage.now.monoMs) });
    member.viewSentAtMs = nowMs;
    this.detector.greet(member, nowMs);
    if (!wasLinked) {
      const endpoint = { address: member.address, port: member.identity.listenPort };
      this.stage.sink.notify({ kind: 'peer-joined', id: member.id, name: member.identity.name, endpoint });
    }
  }

  linkDown(linkId: number, nowMs: number): void {
    const link = this.links.get(linkId);
    const member = link === undefined ? undefined : this.membership.get(link.peerId);
    if (!this.links.detach(linkId, member) || member === undefined) return;
    this.with.coordinator.delivery.lost(member);
    this.with.repair.lost(member);
    if (!member.isActive) return;
    this.stage.sink.notify({ kind: 'peer-link-lost', id: member.id, name: member.identity.name });
    const wasBrief = link !== undefined && nowMs - link.upAtMs < BRIEF_LINK_MS;
    member.briefLinks = wasBrief ? member.briefLinks + 1 : 0;
    const waitMs = member.briefLinks > 1 ? TIMING.redialMs : 0;
    this.greeter.contact(member.identity, member.address, nowMs + waitMs);
    if (!this.membership.sameHost(member.identity)) {
      this.membership.suspect(member, this.self.id, member.incarnation, nowMs);
    }
  }

  dialFailed(endpoint: Endpoint, failure: DialFailure, nowMs: number): void {
    this.greeter.dialled(endpoint, false);
    if (failure === 'rejected' || failure === 'forbidden') this.greeter.rejected(endpoint, failure, nowMs);
    if (failure !== 'refused' || endpoint.address !== loopbackOf(this.self)) return;
    const member = this.membership.at(this.self.hostId, endpoint.port);
    if (member?.isActive !== true || member.link !== null) return;
    this.membership.setDead(member, member.incarnation, 'link closed and dial refused', nowMs);
  }

  probed(input: Extract<Input, { kind: 'probe-result' }>, nowMs: number): void {
    this.greeter.probed(input.endpoint, input.outcome, nowMs);
    if (input.outcome.kind !== 'peer' || input.endpoint.address !== loopbackOf(this.self)) return;
    const member = this.membership.at(this.self.hostId, input.endpoint.port);
    if (member === undefined || member.id === input.outcome.id) return;
    this.membership.replace(member, input.outcome.id, nowMs);
  }

  receive(linkId: number, bytes: Uint8Array, nowMs: number): void {
    const link = this.links.get(linkId);
    const member = link === undefined ? undefined : this.membership.get(link.peerId);
    if (link === undefined || member === undefined) return;
    member.seen(nowMs);
    this.with.coordinator.delivery.heard(member);
    if (member.state === 'suspect' && member.link === link) {
      this.membership.setAlive(member, member.incarnation, nowMs);
    }
    const problem = this.with.frames.read(bytes, link, member);
    if (problem === null) return;
    this.stage.sink.notify({ kind: 'frame-invalid', from: member.id, problem });
    this.stage.sink.close(linkId, 'protocol-error');
  }

  leave(): void {
    if (this.membership.leaving) return;
    this.membership.leaving = true;
    this.membership.announceSelf();
    this.stage.sink.notify({ kind: 'leaving' });
  }

  heardStatus(member: Member, link: Link, status: Status, roundTripMs: number | null): void {
    const { now } = this.stage;
    if (roundTripMs !== null) {
      member.roundTrip.add(roundTripMs);
      this.clocks.measured(member, status, roundTripMs);
    }
    const fresh = status.ready && !link.greeted;
    if (fresh) link.greeted = true;
    const isFirst = member.status === null;
    member.status = status;
    if (
      status.viewHash !== this.membership.viewHash() &&
      now.monoMs - member.viewSentAtMs >= TIMING.viewResendMs
    ) {
      member.viewSentAtMs = now.monoMs;
      link.say({ type: 'view', entries: this.membership.view(this.stage.now.monoMs) });
    }
    this.with.repair.onStatus(member, status, { fresh, isFirst, isAnswer: roundTripMs !== null });
  }

  /** Says a ping or an ack with what this node is like now. */
  sayStatus(link: Link, type: 'ping' | 'pingAck', seq: number): void {
    const marks: Watermark[] = [];
    this.membership.prune(link.told);
    for (const { id, reception } of this.membership.all()) {
      if (reception.through === (link.told.get(id) ?? 0)) continue;
      marks.push({ origin: id, through: reception.through });
      link.told.set(id, reception.through);
    }
    if (!link.say({ type, seq, status: this.status(marks) })) link.told.clear();
  }

  private status(marks: readonly Watermark[]): Status {
    return {
      wallMs: this.clock.toldMs(this.stage.now),
      ready: this.with.repair.ready,
      full: this.with.coordinator.isFull(),
      viewHash: this.membership.viewHash(),
      root: this.with.store.tree.root(),
      seq: this.with.log.last,
      marks,
      load: this.with.load(),
    };
  }

  private get with(): PeeringPartners {
    if (this.partners === null) throw new Error('invariant broken: peering joins its partners first');
    return this.partners;
  }

  private membershipEvents(): MembershipEvents {
    return {
      notify: (notification) => {
        this.stage.sink.notify(notification);
      },
      gone: (member, reason) => {
        this.gone(member, reason);
      },
      heardOf: (identity, address) => {
        this.greeter.contact(identity, address, this.stage.now.monoMs);
      },
      accused: (member, entry) => {
        member.link?.say({ type: 'view', entries: [entry] });
      },
      selfAccused: () => {
        this.awareness.worsen();
      },
    };
  }

  private gone(member: Member, reason: 'dead' | 'left' | 'replaced'): void {
    if (reason !== 'left') this.links.close(member, reason);
    this.with.coordinator.delivery.lost(member);
    this.with.repair.gone(member);
    if (reason === 'dead') this.greeter.contact(member.identity, member.address, this.stage.now.monoMs);
    else this.greeter.settled(member.id);
  }

  /** A connection that lost its way carries nothing and says nothing: only a new one does. */
  private unheard(member: Member): void {
    const { monoMs } = this.stage.now;
    const sinceMs = monoMs - TIMING.linkSilentMs;
    if (member.seenSince(sinceMs) || member.link === null || member.link.upAtMs > sinceMs) return;
    this.links.close(member, 'silent');
    this.with.coordinator.delivery.lost(member);
    this.with.repair.lost(member);
    this.stage.sink.notify({ kind: 'peer-link-lost', id: member.id, name: member.identity.name });
    this.greeter.contact(member.identity, member.address, monoMs);
  }

  private detectorPort(): DetectorPort {
    return {
      ping: (member, seq) => {
        if (member.link !== null) this.sayStatus(member.link, 'ping', seq);
      },
      pingRequest: (relay, seq, target) => {
        relay.link?.say({ type: 'pingRequest', seq, target });
      },
      pingRequestAnswer: (asker, seq, reached) => {
        asker.link?.say({ type: 'pingRequestAnswer', seq, reached });
      },
      suspect: (member) => {
        this.membership.suspect(member, this.self.id, member.incarnation, this.stage.now.monoMs);
      },
      unheard: (member) => {
        this.unheard(member);
      },
    };
  }

  private greeterPort(): GreeterPort {
    return {
      probe: (endpoint) => {
        this.stage.sink.probe(endpoint);
      },
      dial: (endpoint) => {
        this.stage.sink.dial(endpoint);
      },
      ignored: (endpoint, reason) => {
        this.stage.sink.notify({ kind: 'candidate-ignored', endpoint, reason });
      },
    };
  }
}

/** IPv4-mapped IPv6 addresses name the same IPv4 host. */
function plainAddress(address: string): string {
  return /^::ffff:[\d.]+$/.test(address) ? address.slice(7) : address;
}
