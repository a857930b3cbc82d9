// All links of this node, and which one of a pair stays. Two ends that dial each other at the same
// time keep the link opened by the smaller id. Otherwise the newer one stays: whoever dials has
// lost the other, even if that still looks alive from here. The loser is closed gracefully: what
// was sent on it still counts, and losing it is no evidence.
import type { Member } from '../peer/member';
import type { NodeIdentity } from '../base/identity';
import type { LinkId } from '../base/inputs';
import { MESSAGE_BYTES_MAX, VALUE_BYTES_MAX } from '../base/bounds';
import { LIMITS } from '../base/limits';
import type { CoreSettings } from '../base/settings';
import type { Stage } from '../base/stage';
import { ByteWriter } from '../wire/byte-writer';
import type { Control } from '../wire/messages';
import { Assembler } from '../links/assembler';
import { AssemblyRoom } from '../links/assembly-room';
import { Link } from '../links/link';
import { RepairBudget } from '../links/repair-budget';
import { QueueShare } from '../links/queue-share';

/**
 * Two links that came up within this were dialled at the same time: both ends take as many round
 * trips, so that two dials end about as far apart as they began.
 */
const SAME_TIME_MS = 3000;

/** Links that were established while this node stood still have come up by then. */
const WAKING_MS = 100;

export class Links {
  /** When this node stood still last, and went on. */
  private wokeAtMs = -Infinity;
  private readonly byId = new Map<LinkId, Link>();
  private readonly share: QueueShare;
  private readonly room: AssemblyRoom;
  private readonly writer = new ByteWriter(LIMITS.frameBytesMax);
  /** Which link is the first at the next call that has repairs to send. */
  private firstId: LinkId = 0;

  constructor(
    private readonly self: NodeIdentity,
    settings: Pick<CoreSettings, 'valueBytesMax' | 'queueBytesMax' | 'assemblyBytesMax'>,
    private readonly stage: Stage,
    /** Called for a link whose queue was dropped, for others to have room. */
    private readonly onDropped: (link: Link) => void,
  ) {
    const messageBytesMax = settings.valueBytesMax + (MESSAGE_BYTES_MAX - VALUE_BYTES_MAX);
    this.share = new QueueShare(messageBytesMax, settings.queueBytesMax);
    this.room = new AssemblyRoom(Math.max(settings.assemblyBytesMax, 2 * messageBytesMax));
  }

  get(id: LinkId): Link | undefined {
    return this.byId.get(id);
  }

  get count(): number {
    return this.byId.size;
  }

  /** This node stood still, and goes on. */
  woke(): void {
    this.wokeAtMs = this.stage.now.monoMs;
  }

  /** Takes a new link of `member` in; true when it became the member's link. */
  attach(id: LinkId, member: Member, openedByUs: boolean): boolean {
    const openedBy = openedByUs ? this.self.id : member.id;
    const { monoMs } = this.stage.now;
    // Until a ping is answered, what comes on it may be as old as the time this node stood still.
    if (member.offset.isUnknown && monoMs - this.wokeAtMs <= WAKING_MS) member.offset.doubt(monoMs);
    const assembler = new Assembler(MESSAGE_BYTES_MAX, this.room);
    const link = new Link(id, member.id, openedBy, monoMs, this.share, assembler);
    this.byId.set(id, link);
    this.share.opened(link);
    const current = member.link;
    const atTheSameTime = current !== null && monoMs - current.upAtMs < SAME_TIME_MS;
    if (atTheSameTime && current.openedBy < openedBy) {
      this.stage.sink.close(id, 'duplicate');
      return false;
    }
    member.link = link;
    if (current !== null) {
      current.handOver(link);
      this.stage.sink.close(current.id, 'duplicate');
    }
    return true;
  }

  /** A link went down; true when it was the member's link (not a duplicate on its way out). */
  detach(id: LinkId, member: Member | undefined): boolean {
    const link = this.byId.get(id);
    this.forget(id);
    if (link === undefined || member?.link !== link) return false;
    member.link = null;
    return true;
  }

  close(member: Member, reason: 'dead' | 'silent' | 'replaced' | 'leaving' | 'protocol-error'): void {
    if (member.link === null) return;
    this.stage.sink.close(member.link.id, reason);
    this.forget(member.link.id);
    member.link = null;
  }

  private forget(id: LinkId): void {
    const link = this.byId.get(id);
    if (link === undefined) return;
    this.byId.delete(id);
    this.share.closed(link);
    link.assembler.abandon();
  }

  broadcast(members: Iterable<Member>, message: Control): void {
    for (const member of members) member.link?.say(message);
  }

  wantFlush(): boolean {
    for (const link of this.byId.values()) if (link.wantsFlush()) return true;
    return false;
  }

  /** Of values that wait for peers, each once. */
  queuedBytes(): number {
    return this.share.heldBytes;
  }

  /** Of messages that have arrived in part. */
  assemblingBytes(): number {
    return this.room.heldBytes;
  }

  flush(): void {
    const { now, sink } = this.stage;
    this.room.tick(now.monoMs);
    const budget = new RepairBudget();
    let spentBy: LinkId | null = null;
    for (const link of this.inTurn()) {
      if (link.takeDropped()) this.onDropped(link);
      if (!link.wantsFlush()) continue;
      link.flush(this.self.id, now.monoMs, this.writer, budget, (frame, shared) => {
        sink.send(link.id, frame, shared);
      });
      if (budget.isSpent) spentBy ??= link.id;
    }
    this.firstId = spentBy === null ? 0 : spentBy + 1;
  }

  /** All links, from the one whose turn it is. Ids grow, so they are in the order of their ids. */
  private inTurn(): Iterable<Link> {
    if (this.firstId === 0) return this.byId.values();
    const links = [...this.byId.values()];
    const first = links.findIndex(({ id }) => id >= this.firstId);
    return first <= 0 ? links : [...links.slice(first), ...links.slice(0, first)];
  }
}
