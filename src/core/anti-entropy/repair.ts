// Anti-entropy: how a node comes to hold what it missed (docs/protocol.md, Joining and repair). All
// pulls, one at a time. In order of cost: the missing numbers of one origin come from it; on a new
// link the leaves are compared at once; now and then a differing root leads to a comparison that
// must be confirmed. A joiner is filled by one ready peer and compared with the rest.
import type { Member } from '../peer/member';
import type { NodeId } from '../base/identity';
import { TIMING } from '../base/settings';
import type { Stage } from '../base/stage';
import type { Store } from '../store/store';
import type { Status } from '../wire/messages';
import { hasGaps, isReceiving, nextGap } from './gaps';
import type { Hearing } from './hearing';
import { Joining, type JoiningParts } from './joining';
import { adoptMarks, keepMarks, passOverMarks } from './marks';
import { Comparisons } from './comparisons';
import { type Pull, Pulling, type PullKind } from './pulling';
import { Refill } from './refill';
import { Waking } from './waking';

/** How often a node that misses something checks whether it is time to ask. */
const CHECK_MS = 50;

export interface RepairParts extends JoiningParts {
  readonly store: Store;
  readonly stage: Stage;
}

export class Repair {
  private isReady = false;
  /** Versions that were new here, by how they came. */
  readonly repaired: Record<PullKind, number> = { join: 0, gap: 0, leaves: 0 };
  private readonly joining: Joining;
  private readonly waking = new Waking();
  readonly pulling = new Pulling();
  private readonly refill: Refill;
  private readonly comparisons: Comparisons;
  private readonly startedAtMs: number;

  constructor(
    private readonly parts: RepairParts,
    nowMs: number,
  ) {
    this.startedAtMs = nowMs;
    this.joining = new Joining(parts);
    this.refill = new Refill(parts);
    this.comparisons = new Comparisons(parts.membership, parts.prng, nowMs);
  }

  /** It holds what every ready node that it can reach held. */
  get ready(): boolean {
    return this.isReady;
  }

  /** Filling up, repairing a known difference, or about to be compared with somebody met anew. */
  get isBehind(): boolean {
    return !this.ready || this.pulling.current !== null || this.comparisons.areDue;
  }

  isAboutTo(peer: NodeId): boolean {
    return this.comparisons.isAbout(peer) || this.pulling.current?.peer === peer;
  }

  /** What is held may have been replaced while it stood still. */
  isOutdated(nowMs: number): boolean {
    return this.waking.isOutdated(nowMs);
  }

  /** What is not held was written while it stood still, or refused because its clock is late. */
  isInDoubt(nowMs: number): boolean {
    return this.waking.isInDoubt(nowMs) || this.isUnfilled(nowMs) || this.parts.untaken.lacksSome(nowMs);
  }

  /** Others are known to hold what this node lacks, and none of them was met. */
  isUnfilled(nowMs: number): boolean {
    return this.parts.unfilled.isSo(nowMs);
  }

  onStatus(member: Member, status: Status, { fresh, isAnswer, isFirst }: Hearing): void {
    const { monoMs } = this.parts.stage.now;
    member.reception.announce(status.seq, monoMs);
    keepMarks(member, status.marks, this.parts.membership, monoMs);
    if (this.parts.store.tree.rootEquals(status.root)) {
      this.inStep(member, status);
      if (isAnswer) this.waking.isDoneWith(member.id);
      return;
    }
    if (fresh) this.beginAnew(member);
    // Ready because nobody was there, it meets somebody who was: it may lack what that one holds.
    if (isFirst && status.ready && this.joining.hasFoundNobody(monoMs)) this.isReady = false;
    if (!this.isIdle || !this.hasRoom) return;
    if (!this.ready) this.join();
    else if (fresh) this.pullNext();
    else if (status.ready && this.comparisons.isTime(monoMs) && member.comparing.isDue(monoMs)) {
      this.compareWith(member, TIMING.rootConfirmMs);
    }
  }

  onLeaves(member: Member, leaves: Int32Array): void {
    const comparison = this.comparisons.current;
    if (comparison?.peer !== member.id) return;
    const { monoMs } = this.parts.stage.now;
    const differing = comparison.compare(this.parts.store.tree.differing(leaves), member);
    if (differing === null) {
      comparison.askAgainAtMs = monoMs + (comparison.confirmAfterMs ?? 0);
      return;
    }
    this.comparisons.abandon(member.id);
    const mayCome = this.ready && comparison.confirmAfterMs !== null && isReceiving(member, monoMs);
    if (differing.length > 0 && member.comparing.putsOff(mayCome)) this.goOn();
    else if (differing.length > 0 && this.pulling.current === null) {
      this.pull(member, 'leaves', comparison.marks, (session) =>
        member.link?.say({ type: 'syncRequest', session, leaves: differing }),
      );
    } else {
      this.match(member, comparison.marks);
      this.goOn();
    }
  }

  onSyncEnd(member: Member, session: number, through: number): void {
    const pull = this.pulling.end(member.id, session);
    if (pull === null) return;
    this.repaired[pull.kind] += pull.news;
    if (pull.kind === 'gap') this.closeGap(member, through, pull);
    else if (pull.marks !== null) {
      if (pull.refused === 0) this.match(member, pull.marks, pull.roomless > 0);
      else this.joining.postpone(member.id, this.parts.stage.now.monoMs);
      member.comparing.ended(pull.news, this.parts.stage.now.monoMs);
    }
    if (this.ready && pull.news > 0) {
      const { news: records, kind: how } = pull;
      this.parts.stage.sink.notify({ kind: 'repaired', from: member.id, records, how });
    }
    this.goOn();
  }

  /** What was asked of it may never be answered, or not so that it can be dated. */
  beginAnew(member: Member): void {
    this.joining.unmatch(member.id);
    this.abandon(member.id);
    member.reception.interrupted();
    member.comparing.reset();
    this.comparisons.owe(member.id);
  }

  lost(member: Member): void {
    this.joining.unmatch(member.id);
    this.comparisons.isDoneWith(member.id);
    member.reception.interrupted();
    this.abandon(member.id);
  }

  /** The member is gone: its last writes may have reached some and not others. */
  gone(member: Member): void {
    this.lost(member);
    this.waking.gone(member.id);
    this.comparisons.hurry(this.parts.stage.now.monoMs);
  }

  /** What could not be taken before may be taken now. */
  compareAll(): void {
    this.joining.retry();
    this.comparisons.hurryAll(this.parts.stage.now.monoMs);
  }

  /** This node stood still for long. */
  woke(): void {
    const { membership, stage } = this.parts;
    this.waking.woke(membership.active(), stage.now.monoMs);
    this.comparisons.oweAll();
    this.compareAll();
  }

  tick(): void {
    const { monoMs } = this.parts.stage.now;
    const { current } = this.pulling;
    if (current !== null && this.pulling.isGivenUp(monoMs, () => this.joining.hasOther(current.peer))) {
      this.joining.passOver(current.peer, monoMs, current.kind === 'gap');
      this.pulling.abandon(current.peer);
    }
    const silent = this.comparisons.tick(monoMs);
    if (silent !== null) this.joining.passOver(silent, monoMs);
    if (this.refill.takeReturnedRoom()) this.compareAll();
    this.goOn();
  }

  nextDeadlineMs(): number {
    const next = Math.min(this.pulling.looksAtMs, this.comparisons.nextDeadlineMs());
    const missesSome = this.comparisons.areDue || hasGaps(this.parts.membership);
    const mustCheck = !this.ready || (this.isIdle && missesSome);
    return mustCheck ? Math.min(next, this.parts.stage.now.monoMs + CHECK_MS) : next;
  }

  private get hasRoom(): boolean {
    return !this.parts.fullness.isFull;
  }

  private get isIdle(): boolean {
    return this.pulling.current === null && this.comparisons.current === null;
  }

  /** What the member held when its `marks` were told is held here. */
  private match(member: Member, marks: ReadonlyMap<NodeId, number>, lacksSome = false): void {
    this.joining.match(member.id, lacksSome);
    this.waking.compared(member.id);
    (lacksSome ? passOverMarks : adoptMarks)(marks, this.parts.membership);
  }

  /** Whatever is next: becomes ready, or asks for more. */
  private goOn(): void {
    if (!this.ready && this.pulling.current === null && this.joining.isComplete(this.parts.stage.now.monoMs))
      this.becomeReady();
    if (!this.isIdle) return;
    if (this.ready) this.pullNext();
    else if (this.hasRoom) this.join();
  }

  /** Equal roots: what the peer has seen this node has, whoever wrote it. */
  private inStep(member: Member, status: Status): void {
    this.joining.match(member.id);
    this.comparisons.isDoneWith(member.id);
    adoptMarks(member.marks, this.parts.membership);
    member.reception.adopt(status.seq);
    member.comparing.reset();
    if (!this.ready) this.goOn();
  }

  private abandon(peer: NodeId): void {
    this.comparisons.abandon(peer);
    this.pulling.abandon(peer);
  }

  private closeGap(member: Member, through: number, { refused, roomless }: Pull): void {
    if (refused + roomless > 0) member.reception.passOver(through);
    else member.reception.fill(through);
    member.reception.postpone(this.parts.stage.now.monoMs);
    if (through === 0) this.comparisons.owe(member.id);
  }

  private join(): void {
    const donor = this.joining.next(this.parts.stage.now.monoMs);
    if (donor === null) return;
    const { keys, stubs } = this.parts.store.counts();
    if (keys + stubs > 0) {
      this.compareWith(donor, this.joining.lastMatched === null ? null : TIMING.joinConfirmMs);
      return;
    }
    this.pull(donor, 'join', donor.marks, (session) =>
      donor.link?.say({ type: 'syncRequest', session, leaves: null }),
    );
  }

  /**
   * Gaps first: they cost what is missing and no more. A full node asks for them too: they replace
   * what it holds.
   */
  private pullNext(): void {
    if (!this.isIdle) return;
    const gap = nextGap(this.parts.membership, this.parts.stage.now.monoMs, this.pulling.lastGapOf);
    if (gap !== null) {
      const { member, from, to } = gap;
      this.pull(member, 'gap', new Map(), (session) =>
        member.link?.say({ type: 'gapRequest', session, from, to }),
      );
      return;
    }
    if (!this.hasRoom) return;
    const member = this.comparisons.takeDue();
    if (member !== null) this.compareWith(member, null);
    else this.refill.goOn(this.pulling, this.parts.stage.now.monoMs);
  }

  private compareWith(member: Member, confirmAfterMs: number | null): void {
    this.waking.comparing(member.id);
    this.comparisons.begin(member, confirmAfterMs, this.parts.stage.now.monoMs);
  }

  private pull(
    member: Member,
    kind: PullKind,
    marks: ReadonlyMap<NodeId, number> | null,
    ask: (session: number) => void,
  ): void {
    ask(this.pulling.begin(member.id, kind, marks, this.parts.stage.now.monoMs));
    if (!this.ready && (kind === 'join' || this.joining.lastMatched === null))
      this.parts.stage.sink.notify({ kind: 'sync-started', from: member.id });
  }

  private becomeReady(): void {
    this.isReady = true;
    this.comparisons.areDoneWith((peer) => this.joining.hasMatched(peer));
    const from = this.joining.lastMatched;
    const { keys } = this.parts.store.counts();
    const durationMs = Math.round(this.parts.stage.now.monoMs - this.startedAtMs);
    this.parts.stage.sink.notify({ kind: 'synced', keys, durationMs, from });
  }
}
