// Which server has which bucket, and how a command gets there: redirections are followed, and what
// may be possible in a moment is tried again until the time is up. A command that may have been
// done is never sent again.
import { EngineAway } from '../../runtime/data-engine';
import { BUCKETS, type Buckets } from './buckets';
import { type Command, plainCommand, scriptCommand } from './command';
import { remedyFor, StoreBusy, StoreFailure } from './failures';
import { type Script, WRITE, WRITE_ANSWER_BYTES } from './scripts';
import { Server, type ServerOptions, type Waited } from './server';
import { isEndpoint, primariesOf, type Shard } from './topology';
import type { Reply } from './wire-reader';
import type { Argument } from './wire-writer';

export interface ServersOptions extends Omit<ServerOptions, 'host' | 'port'> {
  readonly endpoints: readonly string[];
}

/** No more room at the server (OOM). */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
}

const RETRY_MS = { least: 20, most: 200 };
const REDIRECTIONS_MAX = 16;
const REFRESH_EVERY_MS = 5000;
const REFRESH_PAUSE_MS = 100;
/** What CLUSTER SLOTS may take: a line for each of the slots, each with a primary and replicas. */
const SLOTS_BYTES = 8 * 1024 * 1024;

interface Attempt {
  readonly command: Command;
  /** Where to, if not where the bucket is known to be. */
  readonly at: string | null;
}

export class Servers {
  private readonly all = new Map<string, Server>();
  private shards: readonly Shard[] = [];
  private readonly owners = new Array<string>(BUCKETS).fill('');
  /** Why no server is known for a bucket. */
  private slotsProblem = 'not connected yet';
  private refreshedAtMs = -Infinity;
  private refreshing: Promise<void> | null = null;
  private isClosed = false;

  constructor(
    private readonly options: ServersOptions,
    private readonly buckets: Buckets,
  ) {
    for (const endpoint of options.endpoints) this.server(endpoint);
    if (!options.isCluster) this.owners.fill(options.endpoints[0]);
  }

  /** Of each primary that has a bucket. */
  primaries(): Server[] {
    return [...new Set(this.owners)].filter((endpoint) => endpoint !== '').map((each) => this.server(each));
  }

  /** Replicas that the cluster names for a bucket; null where the server itself must be asked. */
  replicasOf(bucket: number): number | null {
    return this.shards.find(({ primary }) => primary === this.owners[bucket])?.replicas ?? null;
  }

  ownerOf(bucket: number): string {
    return this.owners[bucket];
  }

  /** Of the last failure to reach the server of a bucket. */
  problemOf(bucket: number): string {
    const owner = this.all.get(this.owners[bucket]);
    if (owner === undefined) return this.slotsProblem;
    return `${owner.endpoint}: ${owner.lastProblem}`;
  }

  /**
   * @param command its name and arguments
   * @param answerBytes of what is asked for, at most: a longer answer ends the connection
   * @throws EngineAway, StoreBusy, StoreFull
   */
  run(bucket: number, command: readonly Argument[], answerBytes: number): Promise<Reply> {
    return this.until(bucket, plainCommand(command, answerBytes), sent, this.options.timeoutMs);
  }

  /** @param patienceMs 0 = redirections are followed, and nothing is waited for */
  runScript(
    bucket: number,
    script: Script,
    args: readonly Argument[],
    answerBytes: number,
    patienceMs = this.options.timeoutMs,
  ): Promise<Reply> {
    const command = scriptCommand(script, this.buckets.keys(bucket).structures, args, answerBytes);
    return this.until(bucket, command, sent, patienceMs);
  }

  /** @param args as WRITE takes them of each write */
  write(bucket: number, args: readonly Argument[]): Promise<Reply> {
    return this.until(bucket, this.writeCommand(bucket, args), written, this.options.timeoutMs);
  }

  /** Answers when so many replicas have what was written, or the time for it is up. */
  writeAndWait(bucket: number, args: readonly Argument[], replicas: number): Promise<Waited> {
    const send = (server: Server, command: Command): Promise<Waited> =>
      server.writeAndWait(command, replicas);
    return this.until(bucket, this.writeCommand(bucket, args), send, this.options.timeoutMs);
  }

  /** Asks the cluster where its slots are, at most every few seconds. */
  async refresh(isUrgent = false): Promise<void> {
    const pauseMs = isUrgent ? REFRESH_PAUSE_MS : REFRESH_EVERY_MS;
    if (!this.options.isCluster || this.isClosed) return;
    if (this.refreshing === null && performance.now() - this.refreshedAtMs >= pauseMs) {
      this.refreshedAtMs = performance.now();
      this.refreshing = this.askForSlots().finally(() => {
        this.refreshing = null;
      });
    }
    await this.refreshing;
  }

  close(): void {
    this.isClosed = true;
    for (const server of this.all.values()) server.close();
  }

  private writeCommand(bucket: number, args: readonly Argument[]): Command {
    return scriptCommand(WRITE, this.buckets.keys(bucket).structures, args, WRITE_ANSWER_BYTES);
  }

  private async until<T>(
    bucket: number,
    command: Command,
    send: (server: Server, command: Command) => Promise<T>,
    patienceMs: number,
  ): Promise<T> {
    const untilMs = performance.now() + patienceMs;
    let attempt: Attempt = { command, at: null };
    for (let redirections = 0, pauseMs = RETRY_MS.least; ;) {
      try {
        return await send(this.server(attempt.at ?? this.ownerNow(bucket)), attempt.command);
      } catch (error) {
        const remedy = remedyFor(error);
        switch (remedy.kind) {
          case 'moved':
          case 'ask':
            redirections += 1;
            if (redirections > REDIRECTIONS_MAX) throw new EngineAway('led from server to server');
            attempt = this.redirected(bucket, attempt, remedy.kind, remedy.endpoint);
            break;
          case 'load-script':
            attempt = { ...attempt, command: withSource(attempt.command) };
            break;
          case 'later':
            if (remedy.isElsewhere) void this.refresh(true);
            if (performance.now() + pauseMs >= untilMs) throw new EngineAway((error as Error).message);
            await pause(pauseMs);
            pauseMs = Math.min(RETRY_MS.most, pauseMs * 2);
            attempt = { command: { ...attempt.command, isAsking: false }, at: null };
            break;
          case 'in-doubt':
            void this.refresh(true);
            throw new EngineAway((error as Error).message);
          case 'full':
            throw new StoreFull((error as Error).message);
          case 'none':
            throw error instanceof StoreFailure ? new EngineAway(error.message) : error;
        }
      }
    }
  }

  private redirected(bucket: number, { command }: Attempt, kind: 'moved' | 'ask', endpoint: string): Attempt {
    // A server that does not know its own address leaves the host out.
    const at = endpoint.startsWith(':') ? this.sameHost(bucket, endpoint) : endpoint;
    if (kind === 'ask') return { command: { ...command, isAsking: true }, at };
    this.owners[bucket] = at;
    void this.refresh(true);
    return { command: { ...command, isAsking: false }, at: null };
  }

  private sameHost(bucket: number, port: string): string {
    const known = this.owners[bucket] === '' ? this.options.endpoints[0] : this.owners[bucket];
    return known.slice(0, known.lastIndexOf(':')) + port;
  }

  /** @throws StoreFailure */
  private ownerNow(bucket: number): string {
    const owner = this.owners[bucket];
    if (owner === '') throw new StoreFailure('unsent', this.problemOf(bucket));
    return owner;
  }

  /** Those that are not known yet are connected to. */
  private server(endpoint: string): Server {
    const known = this.all.get(endpoint);
    if (known !== undefined) return known;
    if (this.isClosed) throw new EngineAway('this node is leaving');
    if (!isEndpoint(endpoint)) throw new EngineAway('a server led to an address that is none');
    const at = endpoint.lastIndexOf(':');
    const host = endpoint.slice(0, at).replace(/^\[|\]$/g, '');
    const server = new Server(endpoint, { ...this.options, host, port: Number(endpoint.slice(at + 1)) });
    this.all.set(endpoint, server);
    return server;
  }

  /** Of the first that answers; those that failed are asked last. */
  private async askForSlots(): Promise<void> {
    const candidates = [...this.all.values()].sort((a, b) => Number(b.isUp) - Number(a.isUp));
    const problems: string[] = [];
    for (const server of candidates) {
      try {
        const host = server.endpoint.slice(0, server.endpoint.lastIndexOf(':'));
        this.take(primariesOf(await server.send(plainCommand(['CLUSTER', 'SLOTS'], SLOTS_BYTES)), host));
        return;
      } catch (error) {
        if (!(error instanceof StoreFailure) && !(error instanceof StoreBusy)) throw error;
        problems.push(`${server.endpoint}: ${error.message}`);
      }
    }
    this.slotsProblem = problems[0];
  }

  private take(shards: readonly Shard[]): void {
    this.slotsProblem = 'no server of the Cluster has it';
    if (this.isClosed || shards.length === 0) return;
    this.shards = shards;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const { slot } = this.buckets.keys(bucket);
      const shard = shards.find(({ ranges }) => ranges.some(([from, to]) => slot >= from && slot <= to));
      if (shard !== undefined) this.owners[bucket] = shard.primary;
    }
    this.forgetStrangers();
  }

  /** Servers that the cluster does not name any more, but for those that the address names. */
  private forgetStrangers(): void {
    const named = new Set([...this.options.endpoints, ...this.owners]);
    for (const { members } of this.shards) for (const member of members) named.add(member);
    for (const [endpoint, server] of this.all) {
      if (named.has(endpoint)) continue;
      server.close();
      this.all.delete(endpoint);
    }
  }
}

function sent(server: Server, command: Command): Promise<Reply> {
  return server.send(command);
}

function written(server: Server, command: Command): Promise<Reply> {
  return server.write(command);
}

function withSource(command: Command): Command {
  if (command.script === null || command.hasSource)
    throw new EngineAway('the server does not know the script');
  return { ...command, hasSource: true };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms * (0.5 + Math.random() / 2)));
}
