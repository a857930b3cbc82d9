// How many replicas have to confirm a write that asks for all of them. Each primary is asked once a
// second. A Cluster lists replicas that are away as well, for they may come back and be chosen. A
// primary without a Cluster knows of none that is away, so there, too, those count that were there
// within the last minute. Where nobody could be asked the number is unknown, and no write that
// needs it is done.
import type { Servers } from './servers';
import { type Figures, figuresOf } from './figures';
import type { Server } from './server';

const EXPECTED_FOR_MS = 60_000;
/** A primary that tells nothing for so long may have other replicas by now. */
const UNKNOWN_AFTER_MS = 1000;
/** A primary that is not listed yet. */
const UNLISTED = { attempts: 10, pauseMs: 50 };

interface Expected {
  /** That told it; '' = none yet. */
  primary: string;
  count: number;
  seenAtMs: number;
  failingSinceMs: number | null;
}

export class Replicas {
  private readonly expected: readonly Expected[];
  private figures = new Map<string, Figures>();
  private readonly problems = new Map<string, string>();
  private readonly asking = new Map<string, Promise<Figures | null>>();

  constructor(
    private readonly servers: Servers,
    buckets: number,
  ) {
    this.expected = Array.from({ length: buckets }, () => ({
      primary: '',
      count: 0,
      seenAtMs: 0,
      failingSinceMs: -Infinity,
    }));
  }

  /** Asks each primary. */
  async look(): Promise<void> {
    const primaries = this.servers.primaries();
    const told = await Promise.all(
      primaries.map(async (server) => [server.endpoint, await this.ask(server)] as const),
    );
    this.figures = new Map(told.flatMap(([endpoint, figures]) => (figures ? [[endpoint, figures]] : [])));
    this.expected.forEach((_, bucket) => this.note(bucket));
  }

  /** Asks the primary of the bucket, for a write that cannot wait for the next look. */
  async learn(bucket: number): Promise<void> {
    for (let attempt = 0; attempt < UNLISTED.attempts; attempt += 1) {
      const server = this.servers.primaryOf(bucket);
      if (server === null) return;
      if (this.servers.isListed(server.endpoint)) {
        const figures = await this.ask(server);
        if (figures !== null) this.figures.set(server.endpoint, figures);
        this.note(bucket);
        return;
      }
      await this.servers.refresh(true);
      await new Promise((resolve) => setTimeout(resolve, UNLISTED.pauseMs));
    }
  }

  /** Replicas that are linked to the primary of the bucket now. */
  linked(bucket: number): number {
    return this.figures.get(this.servers.ownerOf(bucket))?.replicas ?? 0;
  }

  /** Those, those that the Cluster lists, and those that were a moment ago; null = unknown. */
  expectedOf(bucket: number): number | null {
    const { primary, count } = this.expected[bucket];
    return primary !== this.servers.ownerOf(bucket) || this.isUnknown(bucket) ? null : count;
  }

  /** Buckets whose primaries have told nothing for a while. */
  unknownBuckets(): number[] {
    return this.expected.flatMap((_, bucket) => (this.isUnknown(bucket) ? [bucket] : []));
  }

  /** Why the primary of a bucket told nothing. */
  problemOf(bucket: number): string {
    const owner = this.servers.ownerOf(bucket);
    return `${owner}: ${this.problems.get(owner) ?? 'not asked yet'}`;
  }

  memory(): { readonly usedBytes: number; readonly limitBytes: number } {
    let [usedBytes, limitBytes] = [0, 0];
    for (const figures of this.figures.values()) {
      usedBytes += figures.usedBytes;
      limitBytes += figures.limitBytes;
    }
    return { usedBytes, limitBytes };
  }

  /** Of all primaries that answered. */
  facts(): readonly (Figures & { readonly endpoint: string })[] {
    return [...this.figures].map(([endpoint, figures]) => ({ endpoint, ...figures }));
  }

  /** Null where it does not tell. */
  private ask(server: Server): Promise<Figures | null> {
    const { endpoint } = server;
    const asked = this.asking.get(endpoint) ?? this.askOnce(server);
    this.asking.set(endpoint, asked);
    return asked;
  }

  private async askOnce(server: Server): Promise<Figures | null> {
    const { endpoint } = server;
    try {
      return await figuresOf(server, this.servers.listedAs(endpoint));
    } catch (error) {
      this.problems.set(endpoint, error instanceof Error ? error.message : String(error));
      return null;
    } finally {
      this.asking.delete(endpoint);
    }
  }

  private note(bucket: number): void {
    const expected = this.expected[bucket];
    const owner = this.servers.ownerOf(bucket);
    const figures = this.figures.get(owner);
    const now = performance.now();
    if (figures === undefined) {
      expected.failingSinceMs ??= now;
      return;
    }
    expected.primary = owner;
    expected.failingSinceMs = null;
    const isOver = now - expected.seenAtMs >= EXPECTED_FOR_MS;
    if (figures.expectedReplicas < expected.count && !isOver) return;
    expected.count = figures.expectedReplicas;
    expected.seenAtMs = now;
  }

  private isUnknown(bucket: number): boolean {
    const { failingSinceMs } = this.expected[bucket];
    return failingSinceMs !== null && performance.now() - failingSinceMs >= UNKNOWN_AFTER_MS;
  }
}
