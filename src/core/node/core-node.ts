// One REPRAM node without the world: inputs and time in, effects out (docs/protocol.md).
// Synchronous and deterministic: the same seed, inputs and times give the same effects. Production
// and the simulator drive this class. Invariant: nothing happens between calls; after every call
// the caller ticks again at the returned deadline.
import type { EffectSink, ReadRecord } from '../base/effects';
import type { Input } from '../base/inputs';
import type { KeyBounds } from '../base/key-bounds';
import type { Now } from '../base/now';
import type { CoreReport, CoreState, KnownOthers, MemberReport } from '../base/report';
import { TIMING } from '../base/settings';
import { Stage } from '../base/stage';
import type { Changes } from '../changes/changes';
import { toReadRecord } from '../replication/fetches';
import type { Root } from '../store/hash-tree';
import { toByteString } from '../store/key';
import { Parts, type CoreNodeOptions } from './parts';
import { coreReport, knownOthers, memberReports } from './report-of';

export type { CoreNodeOptions } from './parts';

/** Entries expired per call: below 2 ms on the slowest machine we know. */
const EXPIRE_BUDGET = 2000;
/** Entries verified per call while a sweep is under way. */
const SWEEP_BUDGET = 1000;
const SWEEP_STEP_MS = 5;

export class CoreNode {
  private readonly stage = new Stage();
  private readonly parts: Parts;
  private readonly expectedNodesMin: number;
  private deadlineMs: number;
  private clockWasSet = false;
  private formed = false;

  constructor(options: CoreNodeOptions) {
    this.parts = new Parts(options, this.stage);
    this.expectedNodesMin = options.settings.expectedNodesMin;
    this.deadlineMs = options.now.monoMs;
  }

  /** Takes one input in. Returns when `tick` must be called next, in monotonic milliseconds. */
  handle(input: Input, now: Now, sink: EffectSink): number {
    return this.stage.run(now, sink, () => {
      if (this.parts.clock.noticeSetting(now)) this.clockWasSet = true;
      this.noticePause(now.monoMs);
      this.dispatch(input);
      this.deadlineMs = now.monoMs;
      return this.deadlineMs;
    });
  }

  /**
   * Does what is due. Returns when it must be called next; at or before `now` means as soon as
   * possible.
   */
  tick(now: Now, sink: EffectSink): number {
    return this.stage.run(now, sink, () => {
      if (this.parts.clock.noticeSetting(now)) this.clockWasSet = true;
      this.noticePause(now.monoMs);
      this.noticeSetting();
      const { membership, detector, greeter, delivery, trueStamps, fetches, repair, store, links } =
        this.parts;
      membership.tick(now.monoMs);
      detector.tick(now.monoMs);
      greeter.tick(now.monoMs);
      delivery.tick();
      trueStamps.tick();
      fetches.tick();
      repair.tick();
      const expired = store.expire(now, EXPIRE_BUDGET);
      store.sweep(now, SWEEP_BUDGET);
      this.spreadRumors();
      this.noticeFormation();
      links.flush();
      this.deadlineMs = expired >= EXPIRE_BUDGET ? now.monoMs : this.nextDeadlineMs(now.monoMs);
      return this.deadlineMs;
    });
  }

  /** The readable record of a key on this node, null when absent or expired. */
  read(key: Uint8Array, now: Now): ReadRecord | null {
    const entry = this.parts.store.get(toByteString(key), now.monoMs);
    return entry === null ? null : toReadRecord(entry);
  }

  /**
   * Whether "absent" needs a second opinion: not ready, behind, full, in doubt of the time, or late
   * itself a moment ago.
   */
  mustAsk(key: Uint8Array, now: Now): boolean {
    return this.parts.standing.mustAsk(toByteString(key), now.monoMs);
  }

  /**
   * Whether what is held may have been replaced while this node stood still: then peers are asked
   * before it is given.
   */
  isOutdated(now: Now): boolean {
    return now.monoMs - this.deadlineMs >= TIMING.outdatedAfterMs || this.parts.repair.isOutdated(now.monoMs);
  }

  /** Ready, and not in doubt whether others hold what it lacks: what it lists is all. */
  isFilled(now: Now): boolean {
    const { repair } = this.parts;
    return repair.ready && !repair.isInDoubt(now.monoMs);
  }

  /** Live keys within bounds, as byte strings, in no order; undefined in the place of others. */
  keysWithin(now: Now, bounds: KeyBounds): IterableIterator<string | undefined> {
    return this.parts.store.walks.keysWithin(now.monoMs, bounds);
  }

  /** Live keys that start with `prefix`, as byte strings, in no order; '' = all. */
  liveKeys(now: Now, prefix = ''): IterableIterator<string> {
    return this.parts.store.liveKeys(now.monoMs, prefix);
  }

  /** For those who are told of every change. */
  get changes(): Changes {
    return this.parts.changes;
  }

  /** Grows with every change of the members' table. */
  get memberChanges(): number {
    return this.parts.membership.changes;
  }

  /** Peers that take part now. */
  livePeers(): number {
    return this.parts.membership.activeCount();
  }

  /** Whom it expects beside itself; null while it may not know. */
  others(): KnownOthers | null {
    return knownOthers(this.parts, this.state(), this.stage.lastMs);
  }

  members(now: Now): MemberReport[] {
    return memberReports(this.parts, now);
  }

  /** Equal on nodes that know the same versions. */
  root(): Root {
    return this.parts.store.tree.root();
  }

  report(): CoreReport {
    return coreReport(this.parts, this.state());
  }

  state(): CoreState {
    const { membership, repair } = this.parts;
    if (membership.own.leaving) return 'draining';
    if (repair.ready) return 'ready';
    return membership.activeCount() === 0 ? 'starting' : 'syncing';
  }

  /**
   * Starts a pass over the whole store in small steps with the following ticks; does nothing while
   * one is under way.
   */
  beginSweep(): void {
    this.parts.store.beginSweep();
  }

  /** Recomputes accounting and hash tree; says what disagrees. */
  audit(): string[] {
    return this.parts.store.audit();
  }

  /** Which part an input is for. */
  private dispatch(input: Input): void {
    const { coordinator, fetches, cluster, load, frames, links, contacts, losses, greeter } = this.parts;
    switch (input.kind) {
      case 'put':
        coordinator.put(input);
        return;
      case 'fetch':
        fetches.start(input);
        return;
      case 'frame':
        frames.receive(input.linkId, input.bytes, input.isLent);
        return;
      case 'link-flushed':
        links.get(input.linkId)?.flushed(input.bytes);
        return;
      case 'link-up':
        contacts.linkUp(input);
        return;
      case 'link-down':
        losses.linkDown(input.linkId);
        return;
      case 'candidates':
        greeter.learn(input.source, input.endpoints, this.stage.now.monoMs);
        return;
      case 'probe-result':
        contacts.probed(input);
        return;
      case 'dial-failed':
        contacts.dialFailed(input.endpoint, input.failure);
        return;
      case 'expected-hosts':
        cluster.expectHosts(input.hosts);
        return;
      case 'load':
        load.take(input);
        return;
      case 'drain':
        if (this.parts.membership.leave()) this.stage.sink.notify({ kind: 'leaving' });
    }
  }

  private spreadRumors(): void {
    const { membership, links } = this.parts;
    if (!membership.tidings.hasRumors) return;
    const entries = membership.tidings.takeRumors(this.stage.now.monoMs);
    if (entries.length > 0) links.broadcast(membership.all(), { type: 'view', entries });
  }

  private noticeFormation(): void {
    const { membership, repair } = this.parts;
    if (this.formed || !repair.ready) return;
    let linked = 1;
    for (const member of membership.active()) if (member.link !== null) linked += 1;
    if (linked < this.expectedNodesMin) return;
    this.formed = true;
    this.stage.sink.notify({ kind: 'network-formed', members: linked });
  }

  /**
   * A call this much after its deadline means that this very node stood still: it must not blame
   * the others.
   */
  private noticePause(nowMs: number): void {
    const lateMs = nowMs - this.deadlineMs;
    const { standing, links, awareness, detector, membership, delivery, repair } = this.parts;
    if (lateMs > TIMING.lateReadMs) standing.wasLate(nowMs);
    if (lateMs <= TIMING.pausedAfterMs) return;
    this.deadlineMs = nowMs;
    links.woke();
    awareness.worsen();
    detector.discardRound(nowMs);
    membership.postponeSuspicions(lateMs);
    delivery.forgive();
    if (lateMs < TIMING.outdatedAfterMs) return;
    repair.woke();
    detector.pingAll(nowMs);
    this.stage.sink.notify({ kind: 'was-paused', pausedMs: Math.round(lateMs) });
  }

  /**
   * The wall clock was set: the others' are measured anew, and what was refused for its stamp may
   * be taken now.
   */
  private noticeSetting(): void {
    if (!this.clockWasSet) return;
    this.clockWasSet = false;
    const { clocks, detector, repair } = this.parts;
    clocks.wasSet();
    detector.pingAll(this.stage.now.monoMs);
    repair.compareAll();
  }

  private nextDeadlineMs(nowMs: number): number {
    const { membership, detector, greeter, delivery, trueStamps, fetches, repair, store, links } = this.parts;
    if (membership.tidings.hasRumors || links.wantFlush()) return nowMs;
    return Math.min(
      membership.nextDeadlineMs(),
      detector.nextDeadlineMs(),
      greeter.nextDeadlineMs(),
      delivery.nextDeadlineMs(),
      trueStamps.nextDeadlineMs(),
      fetches.nextDeadlineMs(),
      repair.nextDeadlineMs(),
      store.nextDeadlineMs(),
      store.isSweeping ? nowMs + SWEEP_STEP_MS : Infinity,
    );
  }
}
