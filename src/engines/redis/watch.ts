// Looks after the servers: rounds over all buckets, what INFO says, and one line in the log for
// each transition between reachable and away.
import type { Log } from '../../adapters/log';
import type { Changes } from './changes';
import type { Replicas } from './replicas';
import type { Servers } from './servers';
import { ID_BUCKET, type Look, type Tails, TIDIED_PER_LOOK } from './tails';

const IDLE_EVERY_MS = 1000;
/**
 * While somebody listens: a change is told after half of this, more or less, and the answer's time.
 */
const LISTENING_EVERY_MS = 25;
const HURRIED_EVERY_MS = 5;
/** While servers are away or were never reached. */
const AWAY_EVERY_MS = 100;
const FIGURES_EVERY_MS = 1000;
/** What connecting may take at the start before it is told of. */
const FIRST_MS = 2000;
/** Reasons why servers cannot be reached at the start. */
const PROBLEMS_TOLD_MAX = 4;
const NO_EVICTION = 'noeviction';

interface Away {
  readonly buckets: number;
  readonly problem: string;
}

export interface WatchParts {
  readonly servers: Servers;
  readonly tails: Tails;
  readonly replicas: Replicas;
  readonly changes: Changes;
  readonly log: Log;
  /** Versions that were found ended. */
  readonly onEnded: (count: number) => void;
  /** The id of the store, each time it was read; null while it cannot be. */
  readonly onStoreId: (id: string | null, askedAtMs: number) => void;
}

export class Watch {
  private timer: NodeJS.Timeout | null = null;
  private isRunning = false;
  private isStopped = false;
  private awaySinceMs: number | null = performance.now();
  private readOnlySinceMs: number | null = null;
  private wasReached = false;
  private readonly startedMs = performance.now();
  private figuresAtMs = -Infinity;
  private readonly warned = new Set<string>();
  private readonly problemsTold = new Set<string>();

  constructor(private readonly parts: WatchParts) {
    parts.changes.onListening = () => this.soon(0);
  }

  start(): void {
    this.soon(0);
  }

  stop(): void {
    this.isStopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** Every bucket was reached at some time. */
  get hasBeenReached(): boolean {
    return this.wasReached;
  }

  get isReachable(): boolean {
    return this.awaySinceMs === null;
  }

  private soon(ms: number): void {
    if (this.isStopped) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.round(), ms);
  }

  private async round(): Promise<void> {
    if (this.isRunning || this.isStopped) return;
    this.isRunning = true;
    const { servers, tails, changes, onEnded, log } = this.parts;
    let isMore = false;
    try {
      await servers.refresh(!this.isReachable);
      const askedAtMs = performance.now();
      const looks = await tails.round();
      this.tellStoreId(looks[ID_BUCKET], askedAtMs);
      onEnded(looks.reduce((sum, look) => sum + (look?.ended ?? 0), 0));
      await this.readFigures();
      this.judge(looks);
      isMore = (await changes.take(looks)) || looks.some((look) => look?.ended === TIDIED_PER_LOOK);
    } catch (error) {
      log.error('store-round-failed', { error: String(error) });
    } finally {
      this.isRunning = false;
      this.soon(isMore ? 0 : this.pauseMs());
    }
  }

  private pauseMs(): number {
    if (!this.isReachable || this.readOnlySinceMs !== null) return AWAY_EVERY_MS;
    const { changes } = this.parts;
    if (changes.isHurried) return HURRIED_EVERY_MS;
    return changes.isListening ? LISTENING_EVERY_MS : IDLE_EVERY_MS;
  }

  private get isUnreached(): boolean {
    return !this.wasReached && this.awaySinceMs !== null;
  }

  private judgeWrites(): void {
    const { tails, log } = this.parts;
    const problem = tails.writeProblem();
    const now = performance.now();
    if (problem !== null && this.readOnlySinceMs === null) {
      this.readOnlySinceMs = now;
      log.warn('store-refuses-writes', { buckets: tails.readOnlyBuckets().length, problem });
    } else if (problem === null && this.readOnlySinceMs !== null) {
      log.info('store-takes-writes', { after_ms: Math.round(now - this.readOnlySinceMs) });
      this.readOnlySinceMs = null;
    }
  }

  /** Of each reason once: on a slow machine the first is that there is no connection yet. */
  private tellUnreached(away: Away): void {
    if (this.problemsTold.size >= PROBLEMS_TOLD_MAX || this.problemsTold.has(away.problem)) return;
    this.problemsTold.add(away.problem);
    this.parts.log.warn('store-away', { ...away });
  }

  private tellStoreId(look: Look | null, askedAtMs: number): void {
    if (look !== null) this.parts.onStoreId(look.storeId === '' ? null : look.storeId, askedAtMs);
    else if (this.parts.tails.isOpen(ID_BUCKET)) this.parts.onStoreId(null, askedAtMs);
  }

  private async readFigures(): Promise<void> {
    const now = performance.now();
    if (this.isReachable && now - this.figuresAtMs < FIGURES_EVERY_MS) return;
    this.figuresAtMs = now;
    await this.parts.replicas.look();
    for (const { endpoint, policy } of this.parts.replicas.facts()) {
      if (policy === NO_EVICTION || policy === '' || this.warned.has(endpoint)) continue;
      this.warned.add(endpoint);
      this.parts.log.warn('store-evicts', { server: endpoint, maxmemory_policy: policy });
    }
  }

  /** Buckets that cannot be used, and why; null = all can. */
  away(): Away | null {
    const { tails, replicas } = this.parts;
    const open = tails.openBuckets();
    const unknown = replicas.unknownBuckets();
    if (open.length + unknown.length === 0) return null;
    const problem = open.length > 0 ? tails.problemOf(open[0]) : replicas.problemOf(unknown[0]);
    return { buckets: new Set([...open, ...unknown]).size, problem };
  }

  private judge(looks: readonly (Look | null)[]): void {
    this.judgeWrites();
    const { log, servers } = this.parts;
    const away = this.away();
    const now = performance.now();
    if (away === null && this.awaySinceMs !== null) {
      if (looks.includes(null)) return;
      const release = this.parts.replicas.facts().map((each) => each.release)[0];
      log.info('store-reached', {
        after_ms: Math.round(now - this.awaySinceMs),
        primaries: servers.primaries().length,
        release,
      });
      this.awaySinceMs = null;
      this.wasReached = true;
    } else if (away !== null && this.awaySinceMs === null) {
      this.awaySinceMs = now;
      log.warn('store-away', { ...away });
    } else if (away !== null && this.isUnreached && now - this.startedMs >= FIRST_MS) {
      this.tellUnreached(away);
    }
  }
}
