// The status that goes with every ping and its ack: what this node tells of itself, and what it
// makes of what a member tells.
import type { Repair } from '../anti-entropy/repair';
import { TIMING } from '../base/settings';
import type { NodeLoad } from '../base/report';
import type { Stage } from '../base/stage';
import type { Link } from '../links/link';
import type { Membership } from '../membership/membership';
import { receptions } from '../membership/receptions';
import type { Member } from '../peer/member';
import type { Fullness } from '../store/fullness';
import type { Store } from '../store/store';
import type { WriteLog } from '../store/write-log';
import type { StampClock } from '../version/stamp-clock';
import type { Status, Watermark } from '../wire/messages';
import type { PeerClocks } from './peer-clocks';
import type { SharedWrites } from './shared-writes';

export interface OwnStatusParts {
  readonly store: Store;
  readonly log: WriteLog;
  readonly fullness: Fullness;
  readonly clock: StampClock;
  readonly repair: Repair;
  readonly load: () => NodeLoad;
}

/** How this node is now. */
export class OwnStatus {
  constructor(private readonly parts: OwnStatusParts) {}

  tell(stage: Stage, viewHash: number, marks: readonly Watermark[]): Status {
    const { store, log, fullness, clock, repair, load } = this.parts;
    return {
      wallMs: clock.toldMs(stage.now),
      ready: repair.ready && !repair.isUnfilled(stage.now.monoMs),
      full: fullness.isFull,
      viewHash,
      root: store.tree.root(),
      seq: log.last,
      marks,
      load: load(),
      lines: clock.toldLines(stage.now),
    };
  }
}

export class Heartbeat {
  constructor(
    private readonly status: OwnStatus,
    private readonly shared: SharedWrites,
    private readonly membership: Membership,
    private readonly clocks: PeerClocks,
    private readonly repair: Repair,
    private readonly stage: Stage,
  ) {}

  /** Says a ping or an ack with what this node is like now. */
  say(link: Link, type: 'ping' | 'pingAck', seq: number): void {
    const marks: Watermark[] = [];
    this.membership.prune(link.told);
    for (const [id, reception] of receptions(this.membership)) {
      const { vouched } = reception;
      if (vouched === (link.told.get(id) ?? 0)) continue;
      marks.push({ origin: id, through: vouched });
      link.told.set(id, vouched);
    }
    const status = this.status.tell(this.stage, this.membership.tidings.hash(), marks);
    if (!link.say({ type, seq, status })) link.told.clear();
  }

  /** @param roundTripMs null: it was no answer to a ping that was awaited */
  heard(member: Member, link: Link, status: Status, roundTripMs: number | null): void {
    const { now } = this.stage;
    this.clocks.told(member, status);
    this.shared.heard(member, status);
    if (roundTripMs !== null) this.clocks.measured(member, status, roundTripMs);
    const fresh = status.ready && !link.hasToldReady;
    if (fresh) link.hasToldReady = true;
    link.hasTold = true;
    const isFirst = member.status === null;
    member.status = status;
    member.toldAtMs = now.monoMs;
    const differs = status.viewHash !== this.membership.tidings.hash();
    if (differs && now.monoMs - member.viewSentAtMs >= TIMING.viewResendMs) {
      member.viewSentAtMs = now.monoMs;
      link.say({ type: 'view', entries: this.membership.tidings.view(member.id, now.monoMs) });
    }
    this.repair.onStatus(member, status, { fresh, isFirst, isAnswer: roundTripMs !== null });
  }
}
