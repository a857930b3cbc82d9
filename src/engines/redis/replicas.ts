// How many replicas a primary has, and had a moment ago, and how full the servers are: what INFO
// says of each primary. A replica that was there within the last minute is expected to come back,
// so that a write that asks for all of them is not satisfied by their absence.
import { plainCommand } from './command';
import type { Server } from './server';
import type { Servers } from './servers';
import { infoFields } from './topology';

const EXPECTED_FOR_MS = 60_000;
const SECTIONS = ['server', 'replication', 'memory'];
/** Of a section: a line for each replica. */
const INFO_BYTES = 256 * 1024;

interface Expected {
  count: number;
  seenAtMs: number;
}

interface Figures {
  readonly replicas: number;
  readonly usedBytes: number;
  readonly limitBytes: number;
  readonly policy: string;
  readonly release: string;
}

export class Replicas {
  private readonly expected: readonly Expected[];
  private figures = new Map<string, Figures>();

  constructor(
    private readonly servers: Servers,
    buckets: number,
  ) {
    this.expected = Array.from({ length: buckets }, () => ({ count: 0, seenAtMs: 0 }));
  }

  /** Asks each primary. */
  async look(): Promise<void> {
    const told = await Promise.all(
      this.servers.primaries().map(async (server) => [server.endpoint, await figuresOf(server)] as const),
    );
    this.figures = new Map(told.flatMap(([endpoint, figures]) => (figures ? [[endpoint, figures]] : [])));
    this.expected.forEach((expected, bucket) => {
      const now = this.linked(bucket);
      const isOver = performance.now() - expected.seenAtMs >= EXPECTED_FOR_MS;
      if (now < expected.count && !isOver) return;
      expected.count = now;
      expected.seenAtMs = performance.now();
    });
  }

  /** Replicas that are linked to the primary of the bucket now. */
  linked(bucket: number): number {
    return this.figures.get(this.servers.ownerOf(bucket))?.replicas ?? 0;
  }

  /** Those, and those that were a moment ago. */
  expectedOf(bucket: number): number {
    return Math.max(this.expected[bucket].count, this.linked(bucket));
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
}

async function figuresOf(server: Server): Promise<Figures | null> {
  try {
    const replies = await Promise.all(
      SECTIONS.map((section) => server.send(plainCommand(['INFO', section], INFO_BYTES))),
    );
    const fields = new Map(replies.flatMap((reply) => [...infoFields(reply)]));
    const number = (name: string): number => Number(fields.get(name) ?? 0) || 0;
    return {
      replicas: number('connected_slaves'),
      usedBytes: number('used_memory'),
      limitBytes: number('maxmemory') || number('total_system_memory'),
      policy: fields.get('maxmemory_policy') ?? '',
      release: fields.get('valkey_version') ?? fields.get('redis_version') ?? '',
    };
  } catch {
    return null;
  }
}
