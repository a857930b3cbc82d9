// One running node behind the interfaces that the modules know: the core, its loop, its links. It
// exists before the port is claimed, because the identity needs the port. What arrives earlier
// waits for `start`.
import type { ClusterKeys } from '../adapters/cluster-keys';
import { randomSeed } from '../adapters/random';
import { SystemClock } from '../adapters/system-clock';
import type { Log } from '../adapters/log';
import { PeerLinks } from '../adapters/peer-links';
import { readGarbage } from '../config/read-garbage';
import type { NodeSettings } from '../config/settings';
import type { NodeId, NodeIdentity } from '../core/base/identity';
import { CoreNode } from '../core/node/core-node';
import type { Input } from '../core/base/inputs';
import { writePosition } from '../core/changes/position';
import { CatchingUp } from './catching-up';
import { ChangeFeed } from './change-feed';
import { ConfiguredHosts } from './configured-hosts';
import { CoreLoop } from './core-loop';
import { CoreReads } from './core-reads';
import { coreSettings } from './core-settings';
import {
  chargedBytes,
  type CatchUp,
  type CaughtUp,
  type DataEngine,
  type Described,
  type EngineChange,
  type EngineState,
  type EngineStats,
  type Fetched,
  type KeyPage,
  type PutOutcome,
  type ReadRecord,
  type Version,
  type WriteLevel,
} from './data-engine';
import { EffectRunner } from './effect-runner';
import type { GossipPort } from './gossip-port';
import { aboutGossip, guardedPut } from './guarded-put';
import { KeyListing, type KeySource, pageBytesMax } from './key-listing';
import { notingLinks } from './link-log';
import { LoadMeter } from './load-meter';
import { LoopDelay } from './loop-delay';
import { type MemberChange, MemberFeed } from './member-feed';
import { MemoryWatch } from './memory-watch';
import { type NodeCounters, NodeTally } from './node-tally';
import type {
  CoreReport,
  DiscoveryPort,
  Endpoint,
  MemberReport,
  MemoryUsage,
  NodeView,
  Reach,
} from './node-view';
import { OthersWatch, StateWatch, type ToldOfItself } from './self-watch';
import { OwnIdentity } from './own-identity';
import { unstartedReport } from './unstarted-report';

export class NodeRuntime implements DataEngine, NodeView, DiscoveryPort, GossipPort {
  readonly chargedBytes = chargedBytes;
  readonly links: PeerLinks;
  readonly putIf = guardedPut(this);
  readonly about = aboutGossip;
  private readonly effects: EffectRunner;
  private readonly reads: CoreReads;
  private readonly catchingUp: CatchingUp;
  readonly tally = new NodeTally();
  private readonly feed = new ChangeFeed();
  private readonly memberFeed = new MemberFeed();
  private readonly listing: KeyListing;
  private readonly clock = new SystemClock();
  readonly listsAll = (): boolean => this.core?.isFilled(this.clock.now()) ?? false;
  private readonly startedAtMs = this.clock.now().monoMs;
  private readonly loopDelay = new LoopDelay(this.startedAtMs);
  private readonly loadMeter = new LoadMeter(this.startedAtMs);
  private readonly memory = new MemoryWatch();
  private readonly self: OwnIdentity;
  private readonly configuredHosts = new ConfiguredHosts();
  private readonly othersWatch: OthersWatch;
  private core: CoreNode | null = null;
  private loop: CoreLoop | null = null;
  private readonly waiting: Input[] = [];
  private draining = false;
  private readonly stateWatch: StateWatch;

  constructor(
    private readonly settings: NodeSettings,
    id: NodeId,
    log: Log,
    keys: ClusterKeys | null = null,
    told: ToldOfItself = {},
  ) {
    this.listing = new KeyListing(pageBytesMax(settings.clientBytesMax));
    this.stateWatch = new StateWatch((change) => told.onStateChange?.(change));
    this.othersWatch = new OthersWatch((others) => told.onOthers?.(others));
    this.self = new OwnIdentity(settings, id);
    this.links = new PeerLinks({
      identity: () => this.self.current,
      keys,
      allow: settings.peerAllow,
      configuredHosts: () => this.configuredHosts.with(settings),
      deliver: notingLinks(settings, log, (input) => this.feedCore(input)),
      log,
      valuesInServers: settings.store !== null,
    });
    this.effects = new EffectRunner(this.links, log, this.tally, (told) => this.memberFeed.notice(told));
    const { effects, clock, feed } = this;
    this.reads = new CoreReads({ core: () => this.core, effects, clock }, (input) => this.feedCore(input));
    this.catchingUp = new CatchingUp({ core: () => this.core, now: clock.now, feed });
  }

  /** The port is ours: from here on the node takes part. */
  start(listenPort: number): void {
    this.core = new CoreNode({
      settings: coreSettings(this.settings),
      identity: this.self.listensOn(listenPort),
      seed: randomSeed(),
      now: this.clock.now(),
      onStored: (entry) => this.feed.stored(entry),
      onCameOver: (ended) => this.feed.ended(ended),
      onUnsure: (why) => this.feed.unsure(why),
      onEnded: (ended) => {
        this.tally.expired += 1;
        this.feed.ended(ended);
      },
    });
    this.loop = new CoreLoop(this.core, this.clock.now, this.effects, () => this.ticked());
    for (const input of this.waiting.splice(0)) this.loop.submit(input);
  }

  // DataEngine

  put(key: Uint8Array, value: Uint8Array, ttlMs: number, level: WriteLevel): Promise<PutOutcome> {
    return new Promise((resolve) => {
      const requestId = this.effects.awaitPut(resolve);
      this.feedCore({ kind: 'put', requestId, key, value, ttlMs, level });
    });
  }

  get(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<Fetched> {
    return this.reads.get(key, minVersion);
  }

  describe(key: Uint8Array, minVersion?: Version): ReadRecord | null | Promise<Described> {
    return this.reads.describe(key, minVersion);
  }

  noteRead(): void {
    this.tally.reads += 1;
  }

  peek(key: Uint8Array): ReadRecord | null {
    return this.reads.peek(key);
  }

  list(prefix: string, limit: number, cursor: string, gone?: AbortSignal): Promise<KeyPage> {
    const keysOf: KeySource = (bounds) => this.core?.keysWithin(this.clock.now(), bounds) ?? [];
    return this.listing.page(keysOf, { prefix, limit, cursor }, gone);
  }

  stats(): EngineStats {
    const { storageBytesMax: limitBytes } = this.settings;
    return this.core?.report().storage ?? { keys: 0, stubs: 0, valueBytes: 0, usedBytes: 0, limitBytes };
  }

  state(): EngineState {
    if (this.draining) return 'draining';
    return this.core?.state() ?? 'starting';
  }

  remainingMs(record: Pick<ReadRecord, 'deadlineMs'>): number {
    return Math.max(0, record.deadlineMs - this.clock.monoMs());
  }

  subscribe(listener: (changes: readonly EngineChange[]) => void): () => void {
    return this.feed.subscribe(listener);
  }

  position(): string | null {
    this.feed.flush();
    const position = this.core?.changes.position(this.clock.now()) ?? null;
    return position === null ? null : Buffer.from(writePosition(position)).toString('base64url');
  }

  catchUp(asked: CatchUp, gone: AbortSignal): Promise<CaughtUp> {
    return this.catchingUp.catchUp(asked, gone);
  }

  // NodeView

  identity(): NodeIdentity {
    return this.self.current;
  }

  peers(): readonly MemberReport[] {
    return this.core?.members(this.clock.now()) ?? [];
  }

  report(): CoreReport {
    return this.core?.report() ?? unstartedReport(this.settings, this.self.current);
  }

  onMemberChange(listener: (change: MemberChange) => void): () => void {
    return this.memberFeed.subscribe(listener, this.peers());
  }

  uptimeMs(): number {
    return this.clock.now().monoMs - this.startedAtMs;
  }

  sinceLastTickMs(): number {
    return this.loop === null ? 0 : this.clock.now().monoMs - this.loop.lastTickMs;
  }

  loopDelayMs(): { readonly p50: number; readonly p99: number; readonly max: number } {
    return this.loopDelay.read(this.clock.now().monoMs);
  }

  memoryUsage(): MemoryUsage | null {
    return this.memory.at(this.clock.now().monoMs);
  }

  counters(): NodeCounters {
    return this.tally.read(this.links.counters());
  }

  sweep(): void {
    this.core?.beginSweep();
  }

  // DiscoveryPort

  submit(input: Extract<Input, { kind: 'candidates' | 'expected-hosts' | 'probe-result' }>): void {
    if (input.kind === 'candidates') this.configuredHosts.named(input.source, input.endpoints);
    this.feedCore(input);
  }

  advertise(reach: Reach): void {
    this.self.advertise(reach);
  }

  onProbe(prober: (endpoint: Endpoint) => void): void {
    this.effects.useProber(prober);
  }

  onStranger(listener: () => void): void {
    this.links.onStranger = listener;
  }

  // Leaving

  /** Shown as draining from now on. Requests already accepted are still served. */
  beginDrain(): void {
    this.draining = true;
    this.noticeChange();
  }

  /** Puts and fetches whose clients still wait. */
  get unsettled(): number {
    return this.effects.unsettled;
  }

  /** Says goodbye to all peers, lets it reach them, and stops. */
  async stop(): Promise<void> {
    this.loop?.submit({ kind: 'drain' });
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await this.links.shutdown();
    this.loop?.stop();
    this.loopDelay.stop();
  }

  private feedCore(input: Input): void {
    if (input.kind === 'frame') {
      this.tally.received(input.bytes.length);
      readGarbage.read(input.bytes.length);
    }
    if (this.loop === null) this.waiting.push(input);
    else this.loop.submit(input);
  }

  private ticked(): void {
    this.effects.flush();
    this.noticeChange();
    if (this.core !== null) this.othersWatch.look(this.core);
    this.memberFeed.look(this.core?.memberChanges ?? 0, () => this.peers());
    const load = this.loadMeter.read(this.clock.now().monoMs, () => ({
      puts: this.tally.puts,
      gets: this.tally.reads,
      loopDelayMs: this.loopDelayMs().p99,
    }));
    if (load === null) return;
    this.loopDelay.worked(load.putsPerSecond + load.getsPerSecond > 0, this.clock.now().monoMs);
    this.loop?.submit(load);
  }

  private noticeChange(): void {
    this.stateWatch.look(this.state(), this.core?.livePeers() ?? 0);
  }
}
