// Anti-entropy: how a node comes to hold what it missed, however it missed it (docs/protocol.md, Joining and repair). All
// pulls, one at a time, so a node asks only for what it has room for. In order of cost: the missing numbers of one origin come
// from that origin; what differs on a link that came up anew is looked into at once; now and then a differing root is looked
// into with two looks, so that writes under way are not mistaken for losses. A joiner takes everything from one ready peer.
// A node is ready when one ready peer has filled it, or when it has matched everyone there is to match.
import type { Member } from '../membership/member';
import type { Membership } from '../membership/membership';
import type { NodeId } from '../membership/identity';
import type { Prng } from '../node/prng';
import { TIMING } from '../node/settings';
import type { Stage } from '../node/stage';
import type { Store } from '../store/store';
import type { Status } from '../wire/messages';
import { keepMarks } from './marks';
import { Look, type Pull, type PullKind } from './pull';

/** How often a node that misses something looks whether it is time to ask. */
const CHECK_MS = 50;

export interface RepairParts {
  readonly self: NodeId;
  readonly store: Store;
  readonly membership: Membership;
  readonly prng: Prng;
  readonly stage: Stage;
  /** False while this node is full: it asks for nothing but gaps then. */
  readonly hasRoom: () => boolean;
  /** Every known candidate had its chance to answer. */
  readonly lookedEverywhere: () => boolean;
}

export class Repair {
  ready = false;
  /** Versions that were new here, by how they came. */
  readonly repaired: Record<PullKind, number> = { join: 0, gap: 0, leaves: 0 };
  private readonly matched = new Set<NodeId>();
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
    this.nextCompareAtMs = nowMs + parts.prng.jitter(TIMING.rootCompareMs);
  }

  /** Filling up from a peer, or repairing a known difference. */
  get busy(): boolean {
    return this.pulling !== null;
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
      this.lookAt(member, true);
    }
  }

  onLeaves(member: Member, leaves: Int32Array): void {
    const look = this.look;
    if (look?.peer !== member.id) return;
    const differing = look.compare(this.parts.store.tree.differing(leaves), member);
    if (differing === null) {
      look.askAgainAtMs = this.parts.stage.now.monoMs + TIMING.rootSecondLookMs;
      return;
    }
    this.look = null;
    if (differing.length > 0 && this.pulling === null) {
      this.pull(member, 'leaves', look.marks, (session) =>
        member.link?.say({ type: 'syncRequest', session, leaves: differing }),
      );
    } else {
      this.matched.add(member.id);
      this.adopt(look.marks);
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
      this.matched.add(member.id);
      this.adopt(pull.marks);
      member.comparing.ended(pull.news, this.parts.stage.now.monoMs);
    }
    if (!this.ready && member.status?.ready === true) this.becomeReady(member.id);
    else if (pull.news > 0) {
      this.parts.stage.sink.notify({
        kind: 'repaired',
        from: member.id,
        records: pull.news,
        how: pull.kind,
      });
    }
    if (this.ready) this.pullNext();
  }

  /** The member's link is gone, and with it whatever was under way on it. */
  lost(member: Member): void {
    this.matched.delete(member.id);
    this.looksDue.delete(member.id);
    member.reception.interrupted();
    this.abandon(member.id);
  }

  tick(): void {
    const { monoMs } = this.parts.stage.now;
    if (this.pulling !== null && monoMs >= this.pulling.progressAtMs + TIMING.pullStalledMs)
      this.pulling = null;
    if (this.look !== null) this.tickLook(this.look, monoMs);
    if (!this.isIdle) return;
    if (this.ready) this.pullNext();
    else {
      if (this.parts.hasRoom()) this.join();
      if (!this.busy && this.parts.lookedEverywhere() && this.hasMatchedAll()) this.becomeReady(null);
    }
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
    let missing = 0;
    for (const member of this.parts.membership.active()) missing += member.reception.missing;
    return missing;
  }

  private get isIdle(): boolean {
    return this.pulling === null && this.look === null;
  }

  /** Equal roots: what the peer has seen this node has, whoever wrote it. */
  private inStep(member: Member, status: Status): void {
    this.matched.add(member.id);
    this.looksDue.delete(member.id);
    this.adopt(member.marks);
    member.reception.adopt(status.seq);
    member.comparing.reset();
    if (!this.ready && status.ready) this.becomeReady(member.id);
  }

  private adopt(marks: ReadonlyMap<NodeId, number>): void {
    for (const [origin, through] of marks) this.parts.membership.get(origin)?.reception.adopt(through);
  }

  /** What was asked on the link before this one may never be answered. */
  private beginAnew(member: Member): void {
    this.matched.delete(member.id);
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
    } else if (monoMs >= look.askAgainAtMs) {
      look.askAgainAtMs = Infinity;
      this.parts.membership.get(look.peer)?.link?.say({ type: 'leavesRequest' });
    }
  }

  private join(): void {
    const { membership, store, prng } = this.parts;
    const linked = [...membership.active()].filter((m) => m.link !== null && m.status !== null);
    const donors = linked.filter((m) => m.status?.ready === true);
    const choice = donors.length > 0 ? donors : linked.filter((m) => !this.matched.has(m.id));
    if (choice.length === 0) return;
    const donor = choice[prng.below(choice.length)];
    const { keys, stubs } = store.counts();
    if (keys + stubs > 0) {
      this.lookAt(donor, false);
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
      this.lookAt(member, false);
      return;
    }
  }

  private lookAt(member: Member, twice: boolean): void {
    const { monoMs } = this.parts.stage.now;
    this.nextCompareAtMs = monoMs + this.parts.prng.jitter(TIMING.rootCompareMs);
    this.look = new Look(member.id, twice, monoMs);
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
    this.pulling = {
      session: this.pulls,
      peer: member.id,
      kind,
      marks: new Map(marks),
      progressAtMs: monoMs,
      news: 0,
    };
    ask(this.pulls);
    if (!this.ready) this.parts.stage.sink.notify({ kind: 'sync-started', from: member.id });
  }

  private missesSome(): boolean {
    if (this.looksDue.size > 0) return true;
    for (const { link, reception } of this.parts.membership.active()) {
      if (link !== null && reception.through < reception.announced) return true;
    }
    return false;
  }

  private hasMatchedAll(): boolean {
    for (const member of this.parts.membership.active()) {
      if (member.link !== null && !this.matched.has(member.id)) return false;
    }
    return true;
  }

  private becomeReady(from: NodeId | null): void {
    this.ready = true;
    if (from !== null) this.looksDue.clear();
    const { keys } = this.parts.store.counts();
    const durationMs = Math.round(this.parts.stage.now.monoMs - this.startedAtMs);
    this.parts.stage.sink.notify({ kind: 'synced', keys, durationMs, from });
  }
}
