// Anti-entropy: how a node comes to hold what it missed, however it missed it (docs/protocol.md, Joining and repair). All
// pulls, one at a time, so a node asks only for what it has room for. In order of cost: the missing numbers of one origin come
// from that origin; what differs on a link that came up anew is looked into at once; now and then a differing root is looked
// into with two looks, so that writes under way are not mistaken for losses; the loss of a member brings that forward, because
// its last writes may have reached some and not others. A joiner is filled by one ready peer and compared with the rest.
import type { Member } from '../membership/member';
import type { NodeId } from '../membership/identity';
import { TIMING } from '../node/settings';
import type { Stage } from '../node/stage';
import type { Store } from '../store/store';
import { FIGURE_MAX, sumUpTo } from '../wire/bounds';
import type { Status } from '../wire/messages';
import { Joining, type JoiningParts } from './joining';
import { adoptMarks, keepMarks } from './marks';
import { Look, newPull, type Pull, type PullKind } from './pull';

/** How often a node that misses something looks whether it is time to ask. */
const CHECK_MS = 50;

export interface RepairParts extends JoiningParts {
  /** A ready member that has room holds the same. */
  readonly nothingLacks: () => void;
  readonly self: NodeId;
  readonly store: Store;
  readonly stage: Stage;
}

export class Repair {
  ready = false;
  /** Versions that were new here, by how they came. */
  readonly repaired: Record<PullKind, number> = { join: 0, gap: 0, leaves: 0 };
  private readonly joining: Joining;
  private readonly looksDue = new Set<NodeId>();
  private pulling: Pull | null = null;
  private look: Look | null = null;
  private pulls = 0;
  private nextCompareAtMs: number;
  private readonly startedAtMs: number;

  constructor(
    private readonly parts: RepairParts,
    nowMs: number,
  ) {
    this.startedAtMs = nowMs;
    this.joining = new Joining(parts);
    this.nextCompareAtMs = nowMs + parts.prng.jitter(TIMING.rootCompareMs);
  }

  /** Filling up, repairing a known difference, or about to look at somebody met anew. */
  get isBehind(): boolean {
    return (
      !this.ready || this.pulling !== null || this.looksDue.size > 0 || this.look?.secondAfterMs === null
    );
  }

  isAboutTo(peer: NodeId): boolean {
    return this.looksDue.has(peer) || this.look?.peer === peer || this.pulling?.peer === peer;
  }

  /** A status arrived; `fresh` when it is the first on its link from a ready peer. */
  onStatus(member: Member, status: Status, fresh: boolean): void {
    const { monoMs } = this.parts.stage.now;
    member.reception.announce(status.seq, monoMs);
    keepMarks(member, status.marks, this.parts.membership, this.parts.self);
    if (this.parts.store.tree.rootEquals(status.root)) {
      this.inStep(member, status);
      return;
    }
    if (fresh) this.beginAnew(member);
    if (!this.isIdle || !this.parts.hasRoom()) return;
    if (!this.ready) this.join();
    else if (fresh) this.pullNext();
    else if (status.ready && monoMs >= this.nextCompareAtMs && member.comparing.isDue(monoMs)) {
      this.lookAt(member, TIMING.rootSecondLookMs);
    }
  }

  onLeaves(member: Member, leaves: Int32Array): void {
    const look = this.look;
    if (look?.peer !== member.id) return;
    const differing = look.compare(this.parts.store.tree.differing(leaves), member);
    if (differing === null) {
      look.askAgainAtMs = this.parts.stage.now.monoMs + (look.secondAfterMs ?? 0);
      return;
    }
    this.look = null;
    if (differing.length > 0 && this.pulling === null) {
      this.pull(member, 'leaves', look.marks, (session) =>
        member.link?.say({ type: 'syncRequest', session, leaves: differing }),
      );
    } else {
      this.joining.match(member.id);
      adoptMarks(look.marks, this.parts.membership);
      this.goOn();
    }
  }

  /** Records of a pull arrived and were merged; `news` of them were new here. */
  onRecords(member: Member, session: number, news: number): void {
    if (this.pulling?.session !== session || this.pulling.peer !== member.id) return;
    this.pulling.news += news;
    this.pulling.progressAtMs = this.parts.stage.now.monoMs;
  }

  onSyncEnd(member: Member, session: number, through: number): void {
    const pull = this.pulling;
    if (pull?.session !== session || pull.peer !== member.id) return;
    this.pulling = null;
    this.repaired[pull.kind] += pull.news;
    if (pull.kind === 'gap') this.closeGap(member, through);
    else {
      this.joining.match(member.id);
      adoptMarks(pull.marks, this.parts.membership);
      member.comparing.ended(pull.news, this.parts.stage.now.monoMs);
    }
    if (this.ready && pull.news > 0) {
      const { news: records, kind: how } = pull;
      this.parts.stage.sink.notify({ kind: 'repaired', from: member.id, records, how });
    }
    this.goOn();
  }

  /** The member's link is gone, and with it whatever was under way on it. */
  lost(member: Member): void {
    this.joining.unmatch(member.id);
    this.looksDue.delete(member.id);
    member.reception.interrupted();
    this.abandon(member.id);
  }

  /** The member is gone: its last writes may have reached some and not others. */
  gone(member: Member): void {
    this.lost(member);
    this.nextCompareAtMs = this.parts.stage.now.monoMs;
  }

  /** What could not be taken before may be taken now. */
  compareAll(): void {
    this.nextCompareAtMs = this.parts.stage.now.monoMs;
    for (const member of this.parts.membership.active()) member.comparing.reset();
  }

  tick(): void {
    const { monoMs } = this.parts.stage.now;
    if (this.pulling !== null && monoMs >= this.pulling.progressAtMs + TIMING.pullStalledMs) {
      this.joining.passOver(this.pulling.peer);
      this.pulling = null;
    }
    if (this.look !== null) this.tickLook(this.look, monoMs);
    this.goOn();
  }

  nextDeadlineMs(): number {
    let next = Infinity;
    if (this.pulling !== null) next = this.pulling.progressAtMs + TIMING.pullStalledMs;
    if (this.look !== null) next = Math.min(next, this.look.askAgainAtMs, this.look.endsAtMs);
    if (!this.ready || (this.isIdle && this.missesSome()))
      next = Math.min(next, this.parts.stage.now.monoMs + CHECK_MS);
    return next;
  }

  /** Writes of others that this node knows of and has not taken in. */
  missingWrites(): number {
    const missing = [...this.parts.membership.active()].map(({ reception }) => reception.missing);
    return sumUpTo(FIGURE_MAX, missing);
  }

  private get isIdle(): boolean {
    return this.pulling === null && this.look === null;
  }

  /** Whatever is next: becomes ready, or asks for more. */
  private goOn(): void {
    if (!this.ready && this.pulling === null && this.joining.isComplete(this.parts.stage.now.monoMs))
      this.becomeReady();
    if (!this.isIdle) return;
    if (this.ready) this.pullNext();
    else if (this.parts.hasRoom()) this.join();
  }

  /** Equal roots: what the peer has seen this node has, whoever wrote it. */
  private inStep(member: Member, status: Status): void {
    if (status.ready && !status.full) this.parts.nothingLacks();
    this.joining.match(member.id);
    this.looksDue.delete(member.id);
    adoptMarks(member.marks, this.parts.membership);
    member.reception.adopt(status.seq);
    member.comparing.reset();
    if (!this.ready) this.goOn();
  }

  /** What was asked on the link before this one may never be answered. */
  private beginAnew(member: Member): void {
    this.joining.unmatch(member.id);
    this.abandon(member.id);
    member.reception.interrupted();
    member.comparing.reset();
    this.looksDue.add(member.id);
  }

  private abandon(peer: NodeId): void {
    if (this.look?.peer === peer) this.look = null;
    if (this.pulling?.peer === peer) this.pulling = null;
  }

  private closeGap(member: Member, through: number): void {
    member.reception.adopt(through);
    member.reception.postpone(this.parts.stage.now.monoMs);
    if (through === 0) this.looksDue.add(member.id);
  }

  private tickLook(look: Look, monoMs: number): void {
    if (monoMs >= look.endsAtMs) {
      this.look = null;
      this.nextCompareAtMs = monoMs;
      this.joining.passOver(look.peer);
    } else if (monoMs >= look.askAgainAtMs) {
      look.askAgainAtMs = Infinity;
      this.parts.membership.get(look.peer)?.link?.say({ type: 'leavesRequest' });
    }
  }

  private join(): void {
    const donor = this.joining.next();
    if (donor === null) return;
    const { keys, stubs } = this.parts.store.counts();
    if (keys + stubs > 0) {
      this.lookAt(donor, this.joining.lastMatched === null ? null : TIMING.joinSecondLookMs);
      return;
    }
    this.pull(donor, 'join', donor.marks, (session) =>
      donor.link?.say({ type: 'syncRequest', session, leaves: null }),
    );
  }

  /** Gaps first: they cost what is missing and no more. A full node asks for them too: they replace what it holds. */
  private pullNext(): void {
    if (!this.isIdle) return;
    const { monoMs } = this.parts.stage.now;
    for (const member of this.parts.membership.active()) {
      if (member.link === null) continue;
      const gap = member.reception.gap(monoMs, TIMING.gapPatienceMs);
      if (gap === null) continue;
      this.pull(member, 'gap', new Map(), (session) =>
        member.link?.say({ type: 'gapRequest', session, ...gap }),
      );
      return;
    }
    if (!this.parts.hasRoom()) return;
    for (const peer of this.looksDue) {
      this.looksDue.delete(peer);
      const member = this.parts.membership.get(peer);
      if (member?.isActive !== true || member.link === null) continue;
      this.lookAt(member, null);
      return;
    }
  }

  private lookAt(member: Member, secondAfterMs: number | null): void {
    const { monoMs } = this.parts.stage.now;
    this.nextCompareAtMs = monoMs + this.parts.prng.jitter(TIMING.rootCompareMs);
    this.look = new Look(member.id, secondAfterMs, monoMs);
    member.link?.say({ type: 'leavesRequest' });
  }

  private pull(
    member: Member,
    kind: PullKind,
    marks: ReadonlyMap<NodeId, number>,
    ask: (session: number) => void,
  ): void {
    const { monoMs } = this.parts.stage.now;
    this.pulls += 1;
    this.pulling = newPull(this.pulls, member.id, kind, marks, monoMs);
    ask(this.pulls);
    if (!this.ready && (kind === 'join' || this.joining.lastMatched === null))
      this.parts.stage.sink.notify({ kind: 'sync-started', from: member.id });
  }

  private missesSome(): boolean {
    if (this.looksDue.size > 0) return true;
    for (const { link, reception } of this.parts.membership.active()) {
      if (link !== null && reception.through < reception.announced) return true;
    }
    return false;
  }

  private becomeReady(): void {
    this.ready = true;
    for (const peer of this.looksDue) if (this.joining.hasMatched(peer)) this.looksDue.delete(peer);
    const from = this.joining.lastMatched;
    const { keys } = this.parts.store.counts();
    const durationMs = Math.round(this.parts.stage.now.monoMs - this.startedAtMs);
    this.parts.stage.sink.notify({ kind: 'synced', keys, durationMs, from });
  }
}
