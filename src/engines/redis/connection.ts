// One connection to one server. Commands of one event-loop turn leave in one write. What waits is
// bounded in number and bytes. Answers come in the order of the commands: when none has come for
// too long, the server hangs, and the connection is given up with all that wait on it.
import type { Socket } from 'node:net';
import { Command, Redis } from 'ioredis';
import { StoreBusy, StoreFailure } from './failures';

export type Argument = string | Buffer;
export type Reply = Buffer | number | null | readonly Reply[];

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly username: string | null;
  readonly password: string | null;
  readonly database: number;
  readonly tls: { readonly ca?: Buffer } | null;
  readonly timeoutMs: number;
}

/** Commands that wait for one connection, and the bytes of their arguments. */
const WAITING_MAX = 16_384;
const WAITING_BYTES_MAX = 128 * 1024 * 1024;
const LOOK_EVERY_MS = 100;
const BACKOFF_MS = { least: 50, most: 2000 };
/** What a command takes beside its arguments, more or less. */
const COMMAND_BYTES = 64;

export class Connection {
  private readonly redis: Redis;
  private readonly sentAtMs: number[] = [];
  private head = 0;
  private answeredAtMs = -Infinity;
  private waitingBytes = 0;
  private isCorked = false;
  private isClosed = false;
  private readonly looking: NodeJS.Timeout;
  /** What the last attempt to connect came to. */
  lastProblem = 'not connected yet';

  constructor(private readonly options: ConnectionOptions) {
    this.redis = new Redis({
      ...redisOptions(options),
      retryStrategy: (attempts) => (this.isClosed ? null : backoffMs(attempts)),
    });
    // Told by whoever asks: one line per transition, and no line per attempt.
    this.redis.on('error', (error: Error) => {
      this.lastProblem = problemOf(error);
    });
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.looking.unref();
  }

  get isUp(): boolean {
    return this.redis.status === 'ready';
  }

  /** Commands without an answer. */
  get waiting(): number {
    return this.sentAtMs.length - this.head;
  }

  /** @throws StoreFailure, StoreBusy */
  async send(name: string, args: readonly Argument[]): Promise<Reply> {
    if (!this.isUp) throw new StoreFailure('unsent', this.lastProblem);
    const bytes = args.reduce((sum, arg) => sum + arg.length, COMMAND_BYTES);
    if (this.waiting >= WAITING_MAX || this.waitingBytes + bytes > WAITING_BYTES_MAX)
      throw new StoreBusy('more waits for this server than may');
    this.cork();
    this.waitingBytes += bytes;
    this.sentAtMs.push(performance.now());
    try {
      const command = new Command(name, [...args], { replyEncoding: null });
      return (await this.redis.sendCommand(command)) as Reply;
    } catch (error) {
      throw failureOf(error);
    } finally {
      this.waitingBytes -= bytes;
      this.answered();
    }
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.looking);
    this.redis.disconnect();
    this.stream?.destroy();
  }

  private answered(): void {
    this.answeredAtMs = performance.now();
    this.head += 1;
    if (this.head < this.sentAtMs.length && this.head < WAITING_MAX) return;
    this.sentAtMs.splice(0, this.head);
    this.head = 0;
  }

  /** One write for all commands of a turn. */
  private cork(): void {
    const { stream } = this;
    if (this.isCorked || stream === undefined) return;
    this.isCorked = true;
    stream.cork();
    setImmediate(() => {
      this.isCorked = false;
      stream.uncork();
    });
  }

  private look(): void {
    if (this.waiting === 0) return;
    // While answers come, those behind them are not late, however many they are.
    const sinceMs = Math.max(this.sentAtMs[this.head], this.answeredAtMs);
    if (performance.now() - sinceMs < this.options.timeoutMs) return;
    this.lastProblem = `no answer within ${this.options.timeoutMs} ms`;
    // A server that hangs would not close its end.
    this.stream?.destroy();
  }

  /** The library's own, which it does not show. */
  private get stream(): Socket | undefined {
    return (this.redis as unknown as { stream: Socket | undefined }).stream;
  }
}

function redisOptions(options: ConnectionOptions) {
  const { host, port, username, password, database, tls, timeoutMs } = options;
  return {
    host,
    port,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    db: database,
    ...(tls === null ? {} : { tls: { ...tls } }),
    connectTimeout: Math.max(1000, timeoutMs),
    // A command that was sent and not answered may have been done: nothing sends it again here.
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    // None: what waits ends with the connection.
    maxRetriesPerRequest: 0,
    protocol: 2 as const,
    // So long the library waits for the end of a stream, also of one that has ended before.
    disconnectTimeout: 1,
    noDelay: true,
    keepAlive: 10_000,
  };
}

/** Twice as long each time, less by up to a half: nodes do not come back at once. */
function backoffMs(attempts: number): number {
  const most = Math.min(BACKOFF_MS.most, BACKOFF_MS.least * 2 ** Math.min(10, attempts - 1));
  return Math.round(most * (0.5 + Math.random() / 2));
}

function failureOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error.name === 'ReplyError' || error.constructor.name === 'SimpleError')
    return new StoreFailure('answered', error.message);
  if (/enableOfflineQueue|isn't writeable/.test(error.message))
    return new StoreFailure('unsent', error.message);
  return new StoreFailure('lost', error.message);
}

/**
 * Never the password: the library's errors of authentication repeat none, but they do name the
 * command.
 */
function problemOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error.message.slice(0, 200) : `${code}: ${error.message.slice(0, 200)}`;
}
