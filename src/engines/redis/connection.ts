// One connection to one server. ioredis makes it and makes it anew; once it is ready, commands and
// answers are ours (wire-writer.ts, wire-reader.ts): the library's objects for each command cost as
// much as the rest of a read. Commands of one event-loop turn leave in one write. What waits is
// bounded in number and bytes. Answers come in the order of the commands: when none has come for
// too long, the server hangs, and the connection is given up with all that wait on it.
import type { Socket } from 'node:net';
import { Redis } from 'ioredis';
import { StoreBusy, StoreFailure } from './failures';
import { type Reply, ReplyReader } from './wire-reader';
import { type Argument, bytesOfArgument, CommandWriter } from './wire-writer';

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

/** A command that was not answered yet. */
interface Waiting {
  readonly bytes: number;
  readonly addedAtMs: number;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (failure: StoreFailure) => void;
}

export class Connection {
  private readonly redis: Redis;
  private readonly writer = new CommandWriter();
  /** While it can be written to. */
  private stream: Socket | null = null;
  private waiting: Waiting[] = [];
  /** Of those waiting, how many were answered, and how many were written. */
  private head = 0;
  private answeredAtMs = -Infinity;
  private written = 0;
  private isLeaving = false;
  private waitingBytes = 0;
  private turnMs = 0;
  private isClosed = false;
  private readonly looking: NodeJS.Timeout;
  /** What the last attempt to connect came to. */
  lastProblem = 'not connected yet';

  /** @param onLeaving adds what goes with the commands of a turn */
  constructor(
    private readonly options: ConnectionOptions,
    private readonly onLeaving: () => void = () => undefined,
  ) {
    this.redis = new Redis({
      ...redisOptions(options),
      retryStrategy: (attempts) => (this.isClosed ? null : backoffMs(attempts)),
    });
    // Told by whoever asks: one line per transition, and no line per attempt.
    this.redis.on('error', (error: Error) => {
      this.lastProblem = problemOf(error);
    });
    this.redis.on('ready', () => this.takeOver());
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.looking.unref();
  }

  get isUp(): boolean {
    return this.stream?.writable === true;
  }

  /** @param command its name and arguments @throws StoreFailure, StoreBusy */
  send(command: readonly Argument[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (!this.isUp) {
        reject(new StoreFailure('unsent', this.lastProblem));
        return;
      }
      let bytes = COMMAND_BYTES;
      for (const argument of command) bytes += bytesOfArgument(argument);
      if (this.waiting.length - this.head >= WAITING_MAX || this.waitingBytes + bytes > WAITING_BYTES_MAX) {
        reject(new StoreBusy('more waits for this server than may'));
        return;
      }
      this.leave();
      this.writer.add(command);
      this.waitingBytes += bytes;
      this.waiting.push({ bytes, addedAtMs: this.turnMs, resolve, reject });
    });
  }

  /** At the end of this turn. */
  leave(): void {
    if (this.isLeaving) return;
    this.isLeaving = true;
    this.turnMs = performance.now();
    setImmediate(() => this.flush());
  }

  private flush(): void {
    this.onLeaving();
    this.isLeaving = false;
    const { stream } = this;
    if (stream === null || this.written === this.waiting.length) return;
    this.written = this.waiting.length;
    const pieces = this.writer.take();
    if (pieces.length > 1) stream.cork();
    for (const piece of pieces) stream.write(piece);
    if (pieces.length > 1) stream.uncork();
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.looking);
    this.redis.disconnect();
    this.librarysStream?.destroy();
  }

  /** The library has said hello, and waits for nothing any more. */
  private takeOver(): void {
    const stream = this.librarysStream;
    if (stream === undefined || stream.destroyed) return;
    const reader = new ReplyReader((reply) => this.answered(reply));
    stream.removeAllListeners('data');
    stream.on('data', (bytes: Buffer) => {
      try {
        reader.take(bytes);
      } catch (error) {
        this.lastProblem = (error as Error).message;
        stream.destroy();
      }
    });
    stream.once('close', () => this.lost());
    this.stream = stream;
    this.lastProblem = 'the server closed the connection';
  }

  /** It does not show it. */
  private get librarysStream(): Socket | undefined {
    return (this.redis as unknown as { readonly stream: Socket | undefined }).stream;
  }

  private answered(reply: Reply): void {
    const oldest = this.waiting[this.head];
    if (this.head >= this.written) throw new Error('the server answers what it was not asked');
    this.answeredAtMs = performance.now();
    this.head += 1;
    this.waitingBytes -= oldest.bytes;
    if (reply instanceof StoreFailure) oldest.reject(reply);
    else oldest.resolve(reply);
    if (this.head < this.waiting.length && this.head < WAITING_MAX) return;
    this.waiting = this.waiting.slice(this.head);
    this.written -= this.head;
    this.head = 0;
  }

  /** What was written may have been done. */
  private lost(): void {
    const { waiting, head, written, lastProblem } = this;
    this.stream = null;
    this.waiting = [];
    this.waitingBytes = this.head = this.written = 0;
    this.writer.take();
    waiting.slice(head).forEach(({ reject }, at) => {
      reject(new StoreFailure(head + at < written ? 'lost' : 'unsent', lastProblem));
    });
  }

  private look(): void {
    const oldest = this.waiting.at(this.head);
    if (oldest === undefined) return;
    // While answers come, those behind them are not late, however many they are.
    const sinceMs = Math.max(oldest.addedAtMs, this.answeredAtMs);
    if (performance.now() - sinceMs < this.options.timeoutMs) return;
    this.lastProblem = `no answer within ${this.options.timeoutMs} ms`;
    // A server that hangs would not close its end.
    this.stream?.destroy();
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

/**
 * Never the password: the library's errors of authentication repeat none, but they do name the
 * command.
 */
function problemOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error.message.slice(0, 200) : `${code}: ${error.message.slice(0, 200)}`;
}
