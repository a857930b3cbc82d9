// What a node without a network tells of itself; a test sets its members and how well it is.
import type { NodeSettings } from '../../../src/config/settings';
import { MemberFeed } from '../../../src/runtime/member-feed';
import { type NodeCounters, NodeTally } from '../../../src/runtime/node-tally';
import type {
  CoreReport,
  MemberChange,
  MemberReport,
  MemoryUsage,
  NodeIdentity,
  NodeView,
} from '../../../src/runtime/node-view';
import type { SteeredEngine } from './steered-engine';

export class FakeView implements NodeView {
  members: MemberReport[] = [];
  lastTickAgoMs = 3;
  sweeps = 0;
  quorum = 2;
  usage: MemoryUsage | null = null;
  readonly tally = new NodeTally();
  private readonly memberFeed = new MemberFeed();
  private looks = 0;

  constructor(
    private readonly engine: SteeredEngine,
    private readonly settings: NodeSettings,
    private readonly port: () => number,
  ) {}

  identity(): NodeIdentity {
    const { name, cluster, hostId } = this.settings;
    const port = this.port();
    return {
      id: this.engine.origin,
      name,
      cluster,
      hostId,
      listenPort: port,
      advertisedPort: port,
      addresses: [],
    };
  }

  peers(): readonly MemberReport[] {
    return this.members;
  }

  report(): CoreReport {
    const { keys, usedBytes, limitBytes } = this.engine.stats();
    const counted = (state: string): number => this.members.filter((each) => each.state === state).length;
    return {
      state: this.engine.state(),
      incarnation: 0,
      load: {
        keys,
        usedBytes,
        limitBytes,
        putsPerSecond: 3,
        getsPerSecond: 4,
        loopDelayMs: 2,
        missingWrites: 0,
      },
      storage: { ...this.engine.stats(), droppedEarly: 0, root: '0'.repeat(16) },
      membership: {
        alive: counted('alive'),
        suspect: counted('suspect'),
        dead: counted('dead'),
        links: counted('alive'),
        expectedNodes: 3,
        expectedHosts: 1,
        hostsAlive: 1,
        healthScore: 0,
        failureDomain: this.settings.hostId,
      },
      replication: {
        quorum: this.quorum,
        counts: 'nodes',
        pendingWrites: 0,
        heldWrites: 0,
        storedOnlyWrites: 0,
        laggingPeers: 0,
        queuedBytes: 0,
        assemblingBytes: 0,
        repaired: { join: 0, gap: 0, leaves: 0 },
        ownWrites: 0,
        missingWrites: 0,
        peersInStep: 0,
        refusedVersions: 0,
        clockOffsetMs: 0,
      },
    };
  }

  uptimeMs(): number {
    return 12_345;
  }

  sinceLastTickMs(): number {
    return this.lastTickAgoMs;
  }

  loopDelayMs(): { p50: number; p99: number; max: number } {
    return { p50: 1, p99: 2, max: 5 };
  }

  memoryUsage(): MemoryUsage | null {
    return this.usage;
  }

  counters(): NodeCounters {
    return this.tally.read({
      refusedByPolicy: 0,
      refusedOrigin: 0,
      refusedForwarded: 0,
      failedProof: 0,
      invalidFrames: 0,
      links: 0,
    });
  }

  onMemberChange(listener: (change: MemberChange) => void): () => void {
    return this.memberFeed.subscribe(listener, this.members);
  }

  /** As if the members' table had changed. */
  lookAtMembers(): void {
    this.looks += 1;
    this.memberFeed.look(this.looks, () => this.members);
  }

  sweep(): void {
    this.sweeps++;
  }
}
