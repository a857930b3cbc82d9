// Anti-entropy: how a node comes to hold what it missed, however it missed it. A joiner pulls everything from one ready peer;
// a node whose link came up anew compares leaves at once; and now and then a differing root is looked into with two looks,
// two seconds apart, so that writes under way are not mistaken for losses. All pulls, so a node asks only for what it has
// room for. A node is ready when one ready peer has filled it, or when it has matched everyone there is to match.
import type { Member } from '../membership/member';
import type { Membership } from '../membership/membership';
import type { NodeId } from '../membership/identity';
import type { Prng } from '../node/prng';
import { TIMING } from '../node/settings';
import type { Stage } from '../node/stage';
import type { Store } from '../store/store';
import type { Status } from '../wire/messages';
import { SyncStream } from './sync-stream';

/** A session without progress for this long is given up and begun again elsewhere. */
const SESSION_STALLED_MS = 5000;

interface Session {
  readonly id: number;
  readonly peer: NodeId;
  readonly startedAtMs: number;
  readonly joining: boolean;
  progressAtMs: number;
  records: number;
}

/** Looking at one peer's leaves: `first` is null for a look that acts at once. */
interface Look {
  readonly peer: NodeId;
  readonly twice: boolean;
  first: readonly number[] | null;
  askAgainAtMs: number;
  endsAtMs: number;
}

export interface RepairGates {
  /** False while this node is full: it asks for nothing then. */
  hasRoom(): boolean;
  /** Every known candidate had its chance to answer. */
  lookedEverywhere(): boolean;
}

export class Repair {
  ready = false;
  repairedRecords = 0;
  private readonly matched = new Set<NodeId>();
  private session: Session | null = null;
  private look: Look | null = null;
  private sessions = 0;
  private nextCompareAtMs: number;
  private readonly startedAtMs: number;

  constructor(
    private readonly store: Store,
    private readonly membership: Membership,
    private readonly prng: Prng,
    private readonly stage: Stage,
    private readonly gates: RepairGates,
    nowMs: number,
  ) {
    this.startedAtMs = nowMs;
    this.nextCompareAtMs = nowMs + prng.jitter(TIMING.rootCompareMs);
  }

  /** Filling up from a peer, or repairing a known difference. */
  get busy(): boolean {
    return this.session !== null;
  }

  /** A status arrived; `fresh` when it is the first on its link from a ready peer. */
  onStatus(member: Member, status: Status, fresh: boolean): void {
    const { monoMs } = this.stage.now;
    if (this.store.tree.rootEquals(status.root)) {
      this.matched.add(member.id);
      if (!this.ready && status.ready) this.becomeReady(member.id);
      return;
    }
    if (fresh) this.matched.delete(member.id);
    // What was asked on the link before this one may never be answered.
    if (fresh && this.look?.peer === member.id) this.look = null;
    if (fresh && this.session?.peer === member.id) this.session = null;
    if (!this.gates.hasRoom() || this.session !== null || this.look !== null) return;
    if (!this.ready) this.join();
    else if (fresh) this.lookAt(member, false);
    else if (status.ready && monoMs >= this.nextCompareAtMs) this.lookAt(member, true);
  }

  onLeaves(member: Member, leaves: Int32Array): void {
    const look = this.look;
    if (look?.peer !== member.id) return;
    let differing = this.store.tree.differing(leaves);
    if (look.twice && look.first === null && differing.length > 0) {
      look.first = differing;
      look.askAgainAtMs = this.stage.now.monoMs + TIMING.rootSecondLookMs;
      return;
    }
    if (look.first !== null) {
      const before = new Set(look.first);
      differing = differing.filter((leaf) => before.has(leaf));
    }
    this.look = null;
    if (differing.length > 0 && this.session === null) this.pull(member, differing);
    else this.matched.add(member.id);
  }

  /** The other side: stream what was asked for. */
  serve(member: Member, session: number, leaves: readonly number[] | null): void {
    member.link?.serve(new SyncStream(session, this.store.entries(), leaves));
  }

  /** Records of a session arrived and were merged. */
  onRecords(member: Member, session: number, count: number): void {
    if (this.session?.id !== session || this.session.peer !== member.id) return;
    this.session.records += count;
    this.session.progressAtMs = this.stage.now.monoMs;
  }

  onSyncEnd(member: Member, sessionId: number): void {
    const session = this.session;
    if (session?.id !== sessionId || session.peer !== member.id) return;
    this.session = null;
    this.matched.add(member.id);
    this.repairedRecords += session.records;
    if (session.joining && member.status?.ready === true) this.becomeReady(member.id);
    else if (session.records > 0) {
      this.stage.sink.notify({ kind: 'repaired', from: member.id, records: session.records });
    }
  }

  /** The member's link is gone, and with it whatever was under way on it. */
  lost(member: Member): void {
    this.matched.delete(member.id);
    if (this.session?.peer === member.id) this.session = null;
    if (this.look?.peer === member.id) this.look = null;
  }

  tick(): void {
    const { monoMs } = this.stage.now;
    if (this.session !== null && monoMs >= this.session.progressAtMs + SESSION_STALLED_MS)
      this.session = null;
    if (this.look !== null) this.tickLook(this.look, monoMs);
    if (this.ready || this.session !== null) return;
    if (this.gates.hasRoom()) this.join();
    if (!this.busy && this.gates.lookedEverywhere() && this.hasMatchedAll()) this.becomeReady(null);
  }

  nextDeadlineMs(): number {
    let next = Infinity;
    if (this.session !== null) next = this.session.progressAtMs + SESSION_STALLED_MS;
    if (this.look !== null) next = Math.min(next, this.look.askAgainAtMs, this.look.endsAtMs);
    if (!this.ready) next = Math.min(next, this.stage.now.monoMs + READY_CHECK_MS);
    return next;
  }

  private tickLook(look: Look, monoMs: number): void {
    if (monoMs >= look.endsAtMs) {
      this.look = null;
      this.nextCompareAtMs = monoMs;
    } else if (monoMs >= look.askAgainAtMs) {
      look.askAgainAtMs = Infinity;
      this.membership.get(look.peer)?.link?.say({ type: 'leavesRequest' });
    }
  }

  private join(): void {
    const linked = [...this.membership.active()].filter((m) => m.link !== null && m.status !== null);
    const donors = linked.filter((m) => m.status?.ready === true);
    const choice = donors.length > 0 ? donors : linked.filter((m) => !this.matched.has(m.id));
    if (choice.length === 0) return;
    const donor = choice[this.prng.below(choice.length)];
    const { keys, stubs } = this.store.counts();
    if (keys + stubs === 0) this.pull(donor, null);
    else if (this.look === null) this.lookAt(donor, false);
  }

  private lookAt(member: Member, twice: boolean): void {
    const { monoMs } = this.stage.now;
    this.nextCompareAtMs = monoMs + this.prng.jitter(TIMING.rootCompareMs);
    const endsAtMs = monoMs + (twice ? 2 : 1) * SESSION_STALLED_MS;
    this.look = { peer: member.id, twice, first: null, askAgainAtMs: Infinity, endsAtMs };
    member.link?.say({ type: 'leavesRequest' });
  }

  private pull(member: Member, leaves: readonly number[] | null): void {
    const { monoMs } = this.stage.now;
    this.sessions += 1;
    this.session = {
      id: this.sessions,
      peer: member.id,
      startedAtMs: monoMs,
      joining: !this.ready,
      progressAtMs: monoMs,
      records: 0,
    };
    member.link?.say({ type: 'syncRequest', session: this.sessions, leaves });
    if (!this.ready) this.stage.sink.notify({ kind: 'sync-started', from: member.id });
  }

  private hasMatchedAll(): boolean {
    for (const member of this.membership.active()) {
      if (member.link !== null && !this.matched.has(member.id)) return false;
    }
    return true;
  }

  private becomeReady(from: NodeId | null): void {
    if (this.ready) return;
    this.ready = true;
    const { keys } = this.store.counts();
    const durationMs = Math.round(this.stage.now.monoMs - this.startedAtMs);
    this.stage.sink.notify({ kind: 'synced', keys, durationMs, from });
  }
}

/** How often a node that is not ready looks whether it is. */
const READY_CHECK_MS = 50;
