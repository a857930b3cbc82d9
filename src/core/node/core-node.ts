// One REPRAM node without the world: inputs and time in, effects out (docs/protocol.md). Synchronous and
// deterministic: the same seed, inputs and times give the same effects. Production and the simulator drive this class.
// Invariant: nothing happens between calls; after every call the caller ticks again at the returned deadline.
import type { Root } from '../store/hash-tree';
import { Donor } from '../anti-entropy/donor';
import { missingWrites } from '../anti-entropy/gaps';
import { Repair, type RepairParts } from '../anti-entropy/repair';
import { WriteLog } from '../store/write-log';
import type { NodeId, SelfIdentity } from '../base/identity';
import { Coordinator } from '../replication/coordinator';
import { Fetches, toReadRecord } from '../replication/fetches';
import type { Entry } from '../store/entry';
import { toByteString } from '../store/key';
import { Store } from '../store/store';
import { StampClock } from '../version/stamp-clock';
import type { EffectSink, ReadRecord } from '../base/effects';
import { FrameReader } from './frame-reader';
import type { Input } from '../base/inputs';
import type { Now } from '../base/now';
import { Peering } from './peering';
import { takePeeringInput } from './peering-inputs';
import { Prng } from '../base/prng';
import type { CoreReport, CoreState, MemberReport, NodeLoad } from '../base/report';
import { coreReport, memberReports, type ReportParts } from './report-of';
import { TIMING, type CoreSettings } from '../base/settings';
import { Stage } from '../base/stage';
import { Standing } from '../replication/standing';

export interface CoreNodeOptions {
  readonly settings: CoreSettings;
  readonly identity: SelfIdentity;
  /** 32-bit seed of everything random in this node. */
  readonly seed: number;
  readonly now: Now;
  /** Called for each value whose deadline was reached, within a call; must not call back into the core. */
  readonly onExpire?: (entry: Entry) => void;
  /** Called for each value that became readable here, own or replicated; must not call back into the core. */
  readonly onStored?: (entry: Entry) => void;
}

/** Entries expired per call: below 2 ms on the slowest machine we know. */
const EXPIRE_BUDGET = 2000;
/** Entries verified per call while a sweep is under way. */
const SWEEP_BUDGET = 1000;
const SWEEP_STEP_MS = 5;

export class CoreNode {
  private readonly settings: CoreSettings;
  private readonly stage = new Stage();
  private readonly log = new WriteLog();
  private readonly store: Store;
  private readonly peering: Peering;
  private readonly coordinator: Coordinator;
  private readonly fetches: Fetches;
  private readonly repair: Repair;
  private deadlineMs: number;
  private readonly clock: StampClock;
  private clockWasSet = false;
  private readonly standing: Standing;
  private formed = false;
  private load = { putsPerSecond: 0, getsPerSecond: 0, loopDelayMs: 0 };

  constructor({ settings, identity, seed, now, onExpire, onStored }: CoreNodeOptions) {
    const prng = new Prng(seed);
    const { stage } = this;
    this.settings = settings;
    this.deadlineMs = now.monoMs;
    this.store = new Store(settings, { expired: onExpire, stored: onStored });
    const clock = new StampClock(settings.clockOffsetMaxMs, settings.ttlMaxMs, now);
    this.clock = clock;
    this.peering = new Peering(identity, settings, stage, clock, prng, now);
    const { membership, detector, domains } = this.peering;
    const { log } = this;
    this.coordinator = new Coordinator(
      identity,
      settings,
      this.store,
      log,
      clock,
      membership,
      domains,
      stage,
    );
    const lookUp = (key: string): Entry | null => this.store.get(key, stage.now.monoMs);
    this.repair = new Repair(this.repairParts(identity.id, prng), now.monoMs);
    const { store, coordinator, repair, peering } = this;
    this.standing = new Standing(identity, store, membership, coordinator, repair);
    this.fetches = new Fetches({ lookUp, standing: this.standing, membership, prng, stage });
    const { fetches } = this;
    const frames = new FrameReader({
      settings,
      stage,
      store,
      membership,
      detector,
      coordinator,
      fetches,
      repair,
      donor: new Donor(identity.id, store, log),
      lookUp,
      standing: this.standing,
      peering,
    });
    peering.join({ store, log, coordinator, repair, frames, load: () => this.nodeLoad() });
  }

  private repairParts(self: NodeId, prng: Prng): RepairParts {
    const { membership, greeter } = this.peering;
    return {
      ...{ self, prng, membership, store: this.store, stage: this.stage },
      hasRoom: () => !this.coordinator.isFull(),
      nothingLacks: () => {
        this.coordinator.hasRefused = false;
      },
      lookedEverywhere: () => greeter.firstRoundsDone(this.stage.now.monoMs),
    };
  }

  /** Takes one input in. Returns when `tick` must be called next, in monotonic milliseconds. */
  handle(input: Input, now: Now, sink: EffectSink): number {
    return this.stage.run(now, sink, () => {
      if (this.clock.look(now)) this.clockWasSet = true;
      this.noticePause(now.monoMs);
      this.dispatch(input, now);
      this.deadlineMs = now.monoMs;
      return this.deadlineMs;
    });
  }

  /** Does what is due. Returns when it must be called next; at or before `now` means as soon as possible. */
  tick(now: Now, sink: EffectSink): number {
    return this.stage.run(now, sink, () => {
      if (this.clock.look(now)) this.clockWasSet = true;
      this.noticePause(now.monoMs);
      this.noticeSetting();
      this.peering.membership.tick(now.monoMs);
      this.peering.detector.tick(now.monoMs);
      this.peering.greeter.tick(now.monoMs);
      this.coordinator.tick();
      this.fetches.tick();
      this.repair.tick();
      const expired = this.store.expire(now, EXPIRE_BUDGET);
      this.store.sweep(now, SWEEP_BUDGET);
      this.spreadRumors();
      this.noticeFormation();
      this.peering.links.flush();
      this.deadlineMs = expired >= EXPIRE_BUDGET ? now.monoMs : this.nextDeadlineMs(now.monoMs);
      return this.deadlineMs;
    });
  }

  /** The readable record of a key on this node, null when absent or expired. */
  read(key: Uint8Array, now: Now): ReadRecord | null {
    const entry = this.store.get(toByteString(key), now.monoMs);
    return entry === null ? null : toReadRecord(entry);
  }

  /** Whether "absent" needs a second opinion: not ready, behind, full, in doubt of the time, or late itself a moment ago. */
  mustAsk(key: Uint8Array, now: Now): boolean {
    return this.standing.mustAsk(toByteString(key), now.monoMs);
  }

  /** Whether what is held may have been replaced while this node stood still: then peers are asked before it is given. */
  isOutdated(now: Now): boolean {
    return now.monoMs - this.deadlineMs >= TIMING.outdatedAfterMs || this.repair.isOutdated(now.monoMs);
  }

  /** Live keys as byte strings, in no order. */
  *liveKeys(now: Now): IterableIterator<string> {
    for (const entry of this.store.liveEntries()) {
      if (now.monoMs < entry.expiresAtMs) yield entry.key;
    }
  }

  /** Peers that take part now. */
  livePeers(): number {
    return this.peering.membership.activeCount();
  }

  members(now: Now): MemberReport[] {
    return memberReports(this.reportParts(), now);
  }

  /** Equal on nodes that know the same versions. */
  root(): Root {
    return this.store.tree.root();
  }

  report(): CoreReport {
    return coreReport(this.reportParts(), this.state());
  }

  state(): CoreState {
    if (this.peering.membership.leaving) return 'draining';
    if (this.repair.ready) return 'ready';
    return this.peering.membership.activeCount() === 0 ? 'starting' : 'syncing';
  }

  /** Starts a pass over the whole store in small steps with the following ticks; does nothing while one is under way. */
  beginSweep(): void {
    this.store.beginSweep();
  }

  /** Recomputes accounting and hash tree; says what disagrees. */
  audit(): string[] {
    return this.store.audit();
  }

  private reportParts(): ReportParts {
    const { peering, coordinator, repair, store, log, clock } = this;
    return { peering, coordinator, repair, store, log, clock, limitBytes: this.settings.storageBytesMax };
  }

  private dispatch(input: Input, now: Now): void {
    switch (input.kind) {
      case 'put':
        this.coordinator.put(input);
        return;
      case 'fetch':
        this.fetches.start(input.requestId, toByteString(input.key), input.minVersion, input.isConfirmation);
        return;
      case 'expected-hosts':
        this.coordinator.expectHosts(input.hosts);
        return;
      case 'load':
        this.load = { ...input };
        return;
      default:
        takePeeringInput(this.peering, input, now.monoMs);
    }
  }

  private nodeLoad(): NodeLoad {
    const { keys, usedBytes } = this.store.counts();
    const { putsPerSecond, getsPerSecond, loopDelayMs } = this.load;
    return {
      ...{ keys, usedBytes, limitBytes: this.settings.storageBytesMax },
      ...{ putsPerSecond, getsPerSecond, loopDelayMs, missingWrites: missingWrites(this.peering.membership) },
    };
  }

  private spreadRumors(): void {
    if (!this.peering.membership.hasRumors()) return;
    const entries = this.peering.membership.takeRumors(this.stage.now.monoMs);
    if (entries.length > 0)
      this.peering.links.broadcast(this.peering.membership.all(), { type: 'view', entries });
  }

  private noticeFormation(): void {
    if (this.formed || !this.repair.ready) return;
    let linked = 1;
    for (const member of this.peering.membership.active()) if (member.link !== null) linked += 1;
    if (linked < this.settings.expectedNodesMin) return;
    this.formed = true;
    this.stage.sink.notify({ kind: 'network-formed', members: linked });
  }

  /** A call this much after its deadline means that this very node stood still: it must not blame the others. */
  private noticePause(nowMs: number): void {
    const lateMs = nowMs - this.deadlineMs;
    if (lateMs > TIMING.lateReadMs) this.standing.lateAtMs = nowMs;
    if (lateMs <= TIMING.pausedAfterMs) return;
    this.deadlineMs = nowMs;
    this.peering.links.wokeAtMs = nowMs;
    this.peering.awareness.worsen();
    this.peering.detector.discardRound(nowMs);
    this.peering.membership.postponeSuspicions(lateMs);
    this.coordinator.delivery.forgive();
    if (lateMs < TIMING.outdatedAfterMs) return;
    this.repair.woke();
    this.peering.detector.pingAll(nowMs);
    this.stage.sink.notify({ kind: 'was-paused', pausedMs: Math.round(lateMs) });
  }

  /** The wall clock was set: the others' are measured anew, and what was refused for its stamp may be taken now. */
  private noticeSetting(): void {
    if (!this.clockWasSet) return;
    this.clockWasSet = false;
    this.peering.clocks.wasSet();
    this.peering.detector.pingAll(this.stage.now.monoMs);
    this.repair.compareAll();
  }

  private nextDeadlineMs(nowMs: number): number {
    if (this.peering.membership.hasRumors() || this.peering.links.wantFlush()) return nowMs;
    return Math.min(
      this.peering.membership.nextDeadlineMs(),
      this.peering.detector.nextDeadlineMs(),
      this.peering.greeter.nextDeadlineMs(),
      this.coordinator.nextDeadlineMs(),
      this.fetches.nextDeadlineMs(),
      this.repair.nextDeadlineMs(),
      this.store.nextDeadlineMs(),
      this.store.isSweeping ? nowMs + SWEEP_STEP_MS : Infinity,
    );
  }
}
