// Which server has which bucket, and what is sent there.
import { EngineAway } from '../../runtime/data-engine';
import { Attempts, type Send } from './attempts';
import { type Buckets, logEntries } from './buckets';
import { type Command, plainCommand, scriptCommand } from './command';
import { StoreBusy, StoreFailure } from './failures';
import { type Script, WRITE, WRITE_ANSWER_BYTES } from './scripts';
import { Server, type ServerOptions, type Waited } from './server';
import { isEndpoint, primariesOf, type Shard } from './topology';
import type { Reply } from './wire-reader';
import type { Argument } from './wire-writer';

export interface ServersOptions extends Omit<ServerOptions, 'host' | 'port'> {
  readonly endpoints: readonly string[];
}

const REFRESH_EVERY_MS = 5000;
const REFRESH_PAUSE_MS = 100;
/** What CLUSTER SLOTS may take: a line for each of the slots, each with a primary and replicas. */
const SLOTS_BYTES = 8 * 1024 * 1024;

export class Servers {
  private readonly all = new Map<string, Server>();
  private shards: readonly Shard[] = [];
  private readonly owners: string[];
  private readonly logEntries: string;
  /** Why no server is known for a bucket. */
  private slotsProblem = 'not connected yet';
  private refreshedAtMs = -Infinity;
  private refreshing: Promise<void> | null = null;
  private isClosed = false;
  private readonly attempts = new Attempts({
    serverOf: (bucket, at) => this.server(at ?? this.ownerNow(bucket)),
    moved: (bucket, endpoint) => {
      this.owners[bucket] = endpoint;
      void this.refresh(true);
    },
    elsewhere: () => void this.refresh(true),
    // A server that does not know its own address leaves the host out.
    nameOf: (bucket, endpoint) => (endpoint.startsWith(':') ? this.sameHost(bucket, endpoint) : endpoint),
  });

  constructor(
    private readonly options: ServersOptions,
    private readonly buckets: Buckets,
  ) {
    this.owners = new Array<string>(buckets.count).fill('');
    this.logEntries = String(logEntries(buckets.count));
    for (const endpoint of options.endpoints) this.server(endpoint);
    if (!options.isCluster) this.owners.fill(options.endpoints[0]);
  }

  /** Of each primary that has a bucket. */
  primaries(): Server[] {
    return [...new Set(this.owners)].filter((endpoint) => endpoint !== '').map((each) => this.server(each));
  }

  /** Null while none is known, and when this node is leaving. */
  primaryOf(bucket: number): Server | null {
    return this.owners[bucket] === '' || this.isClosed ? null : this.server(this.owners[bucket]);
  }

  /** The id by which a Cluster knows a primary; null = there is no Cluster. @throws StoreFailure */
  listedAs(endpoint: string): string | null {
    if (!this.options.isCluster) return null;
    const shard = this.shards.find(({ primary }) => primary === endpoint);
    if (shard === undefined) throw new StoreFailure('unsent', 'the Cluster does not list it as a primary');
    return shard.id;
  }

  isListed(endpoint: string): boolean {
    return !this.options.isCluster || this.shards.some(({ primary }) => primary === endpoint);
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
    return this.attempts.run(bucket, plainCommand(command, answerBytes), sent, this.options.timeoutMs);
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
    return this.attempts.run(bucket, command, sent, patienceMs);
  }

  /** @param args as WRITE takes them of each write */
  write(bucket: number, args: readonly Argument[]): Promise<Reply> {
    return this.attempts.run(bucket, this.writeCommand(bucket, args), written, this.options.timeoutMs);
  }

  /** Answers when so many replicas have what was written, or the time for it is up. */
  writeAndWait(bucket: number, args: readonly Argument[], replicas: number): Promise<Waited> {
    const send: Send<Waited> = (server, command, answered, failed) => {
      server.writeAndWait(command, replicas).then(answered, failed);
    };
    return this.attempts.run(bucket, this.writeCommand(bucket, args), send, this.options.timeoutMs);
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
    const { structures, prefix } = this.buckets.keys(bucket);
    const head = [prefix, this.logEntries, String(args.length)];
    return scriptCommand(WRITE, structures, [...head, ...args], WRITE_ANSWER_BYTES);
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
    for (const bucket of this.buckets.numbers()) {
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

const sent: Send<Reply> = (server, command, answered, failed) => server.ask(command, answered, failed);

const written: Send<Reply> = (server, command, answered, failed) => server.write(command, answered, failed);
