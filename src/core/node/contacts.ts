// Everything between "somebody answers there" and "a member is linked": links that come up, dials
// and probes that end, and who is in the place of whom. Whom to ask and when is discovery's; who is
// a member is membership's.
import type { DialFailure, Input } from '../base/inputs';
import { plainAddress } from '../base/plain-address';
import type { Endpoint, SelfIdentity } from '../base/identity';
import type { Stage } from '../base/stage';
import type { Greeter } from '../discovery/greeter';
import { loopbackOf } from '../membership/address-rules';
import type { Detector } from '../membership/detector';
import type { Membership } from '../membership/membership';
import type { Links } from './links';

type LinkUp = Extract<Input, { kind: 'link-up' }>;
type ProbeResult = Extract<Input, { kind: 'probe-result' }>;

/** Failures that say that no link will come of it, however often it is tried. */
const NEVER_LINKS: ReadonlySet<DialFailure> = new Set(['rejected', 'forbidden', 'self']);

export class Contacts {
  constructor(
    private readonly self: SelfIdentity,
    private readonly links: Links,
    private readonly membership: Membership,
    private readonly greeter: Greeter,
    private readonly detector: Detector,
    private readonly stage: Stage,
  ) {}

  linkUp({ linkId, direction, endpoint, identity }: LinkUp): void {
    const { sink, now } = this.stage;
    const nowMs = now.monoMs;
    const outbound = direction === 'outbound';
    if (outbound) this.greeter.dialled(endpoint, true);
    else if (this.membership.sameHost(identity))
      this.greeter.proven.add({ address: loopbackOf(this.self), port: identity.listenPort });
    if (identity.id === this.self.id) {
      sink.close(linkId, 'self');
      return;
    }
    const known = this.membership.get(identity.id);
    const wasLinked = (known?.link ?? null) !== null;
    const member = this.membership.proven(identity, plainAddress(endpoint.address), nowMs);
    if (member === null) {
      sink.close(linkId, 'crowded');
      return;
    }
    const stays = this.links.attach(linkId, member, outbound);
    this.greeter.settled(member.id);
    if (!stays) return;
    member.lastSeenMs = nowMs;
    member.link?.say({ type: 'view', entries: this.membership.tidings.view(member.id, nowMs) });
    member.viewSentAtMs = nowMs;
    this.detector.pingNow(member, nowMs);
    if (wasLinked) return;
    const place = { address: member.address, port: member.identity.listenPort };
    sink.notify({ kind: 'peer-joined', id: member.id, name: member.identity.name, endpoint: place });
  }

  dialFailed(endpoint: Endpoint, failure: DialFailure): void {
    const { monoMs } = this.stage.now;
    this.greeter.dialled(endpoint, false);
    if (NEVER_LINKS.has(failure)) this.greeter.rejected(endpoint, failure, monoMs);
    if (failure !== 'refused' || endpoint.address !== loopbackOf(this.self)) return;
    const member = this.membership.at(this.self.hostId, endpoint.port);
    if (member?.isActive !== true || member.link !== null) return;
    this.membership.setDead(member, member.incarnation, 'link closed and dial refused', monoMs);
  }

  probed({ endpoint, outcome }: ProbeResult): void {
    const { monoMs } = this.stage.now;
    this.greeter.probed(endpoint, outcome, monoMs);
    if (outcome.kind !== 'peer' || endpoint.address !== loopbackOf(this.self)) return;
    const member = this.membership.at(this.self.hostId, endpoint.port);
    if (member === undefined || member.id === outcome.id) return;
    this.membership.replace(member, outcome.id, monoMs);
  }
}
