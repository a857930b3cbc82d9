// One connection to one server, made anew whenever it is lost. It is up when the server has
// answered the greeting as one that this node can use. Commands of a turn leave in one write.
// What waits is bounded in number and bytes, and so is what the server may answer to each. Answers
// come in the order of the commands: when none has come for too long, the server hangs, and the
// connection is given up with all that wait on it.
import type { Socket } from 'node:net';
import { dial } from './dial';
import { StoreBusy, StoreFailure } from './failures';
import { greetingOf, problemOfGreeting, strangerText, withoutUser } from './greeting';
import { NoReply, type Reply, ReplyReader } from './wire-reader';
import { type Argument, bytesOfArgument, CommandWriter } from './wire-writer';

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly username: string | null;
  readonly password: string | null;
  readonly database: number;
  readonly tls: { readonly ca?: Buffer } | null;
  readonly timeoutMs: number;
  /** Bytes came, in Buffers of their own. */
  readonly onRead: (bytes: number) => void;
}

/** Commands that wait for one connection, and the bytes of their arguments. */
const WAITING_MAX = 16_384;
const WAITING_BYTES_MAX = 128 * 1024 * 1024;
const LOOK_EVERY_MS = 100;
const CONNECTING_MS_LEAST = 1000;
const BACKOFF_MS = { least: 50, most: 2000 };
/** What a command takes beside its arguments, more or less. */
const COMMAND_BYTES = 64;
/** Of an answer, beside what is asked for: a refusal, a figure, the facts in the greeting. */
const ANSWER_BYTES = 16 * 1024;
const CLOSED = 'the server closed the connection';
const CLOSED_AT_ONCE = `${CLOSED} without an answer`;

/** A command that was not answered yet. */
interface Waiting {
  readonly bytes: number;
  readonly answerBytesMax: number;
  readonly addedAtMs: number;
  readonly answered: (reply: Reply) => void;
  readonly failed: (failure: StoreFailure) => void;
}

/** In the place of a command that was answered. */
const NOBODY: Waiting = {
  bytes: 0,
  answerBytesMax: 0,
  addedAtMs: 0,
  answered: () => undefined,
  failed: () => undefined,
};

/** What is sent, and what it is answered with. */
export interface Asked {
  /** Name and arguments. */
  readonly command: readonly Argument[];
  /** Of what is asked for, at most. */
  readonly answerBytes: number;
  readonly answered: (reply: Reply) => void;
  readonly failed: (failure: StoreFailure | StoreBusy) => void;
}

export class Connection {
  private readonly writer = new CommandWriter();
  private socket: Socket | null = null;
  /** While it can be written to. */
  private stream: Socket | null = null;
  private isGreeted = false;
  private attempts = 0;
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
  private again: NodeJS.Timeout | undefined;
  /** Why the socket of now is given up. */
  private problem: string | null = null;
  /** What the last attempt to connect came to. */
  lastProblem = 'not connected yet';

  /** @param onLeaving adds what goes with the commands of a turn */
  constructor(
    private readonly options: ConnectionOptions,
    private readonly onLeaving: () => void = () => undefined,
  ) {
    this.connect();
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.looking.unref();
  }

  get isUp(): boolean {
    return this.isGreeted && this.stream?.writable === true;
  }

  /**
   * @param command its name and arguments
   * @param answerBytes of what is asked for, at most
   * @throws StoreFailure, StoreBusy
   */
  send(command: readonly Argument[], answerBytes = 0): Promise<Reply> {
    return new Promise((answered, failed) => this.ask({ command, answerBytes, answered, failed }));
  }

  /**
   * The same without a promise, which costs as much as all else that is done here for a command.
   */
  ask(asked: Asked): void {
    if (this.isUp) this.enqueue(asked);
    else asked.failed(new StoreFailure('unsent', this.lastProblem));
  }

  private enqueue({ command, answerBytes, answered, failed }: Asked): void {
    let bytes = COMMAND_BYTES;
    for (const argument of command) bytes += bytesOfArgument(argument);
    if (this.waiting.length - this.head >= WAITING_MAX || this.waitingBytes + bytes > WAITING_BYTES_MAX) {
      failed(new StoreBusy('more waits for this server than may'));
      return;
    }
    this.leave();
    this.writer.add(command);
    this.waitingBytes += bytes;
    const answerBytesMax = ANSWER_BYTES + answerBytes;
    this.waiting.push({ bytes, answerBytesMax, addedAtMs: this.turnMs, answered, failed });
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
    clearTimeout(this.again);
    this.socket?.destroy();
  }

  private connect(): void {
    const withinMs = Math.max(CONNECTING_MS_LEAST, this.options.timeoutMs);
    this.problem = null;
    this.socket = dial(
      this.options,
      withinMs,
      () => this.greet(),
      (problem) => (this.problem ??= problem),
    );
    this.socket.once('close', () => this.lost());
  }

  /** The first commands. Nothing else is sent until the server has answered them. */
  private greet(): void {
    const { socket, options } = this;
    if (socket === null || socket.destroyed) return;
    const reader = new ReplyReader(
      (reply) => this.answered(reply),
      () => this.answerBytesMax(),
    );
    socket.on('data', (bytes: Buffer) => {
      try {
        options.onRead(bytes.length);
        if (!socket.destroyed) reader.take(bytes);
      } catch (error) {
        const isStranger = error instanceof NoReply && !this.isGreeted;
        this.giveUp(isStranger ? strangerText(error, options) : (error as Error).message);
      }
    });
    this.stream = socket;
    const asked = greetingOf(options).map((command) => {
      return new Promise<Reply>((answered, failed) => {
        this.enqueue({ command, answerBytes: 0, answered, failed });
      }).catch(refusal);
    });
    this.flush();
    void Promise.all(asked).then((replies) => {
      if (this.stream !== socket || socket.destroyed) return;
      const problem = problemOfGreeting(replies, options);
      if (problem !== null) {
        this.giveUp(problem);
        return;
      }
      this.isGreeted = true;
      this.attempts = 0;
    });
  }

  /** A server that hangs would not close its end. */
  private giveUp(problem: string): void {
    this.problem ??= problem;
    this.lastProblem = this.problem;
    this.socket?.destroy();
  }

  private answerBytesMax(): number {
    if (this.head >= this.written) throw new NoReply('the server answers what it was not asked');
    return this.waiting[this.head].answerBytesMax;
  }

  private answered(reply: Reply): void {
    const oldest = this.waiting[this.head];
    this.answeredAtMs = performance.now();
    // Whoever waited has the answer, and would keep it here.
    this.waiting[this.head] = NOBODY;
    this.head += 1;
    this.waitingBytes -= oldest.bytes;
    if (reply instanceof StoreFailure)
      oldest.failed(new StoreFailure(reply.stage, withoutUser(reply.message, this.options.username)));
    else oldest.answered(reply);
    if (this.head < this.waiting.length && this.head < WAITING_MAX) return;
    this.waiting = this.waiting.slice(this.head);
    this.written -= this.head;
    this.head = 0;
  }

  /** What was written may have been done. */
  private lost(): void {
    const { waiting, head, written, isGreeted } = this;
    const lastProblem = this.problem ?? (isGreeted ? CLOSED : closedAtOnce(this.options));
    this.lastProblem = lastProblem;
    this.stream = this.socket = null;
    this.isGreeted = false;
    this.attempts += 1;
    if (!this.isClosed) this.again = setTimeout(() => this.connect(), backoffMs(this.attempts));
    this.waiting = [];
    this.waitingBytes = this.head = this.written = 0;
    this.writer.take();
    waiting.slice(head).forEach(({ failed }, at) => {
      failed(new StoreFailure(head + at < written ? 'lost' : 'unsent', lastProblem));
    });
  }

  private look(): void {
    const oldest = this.waiting.at(this.head);
    if (oldest === undefined) return;
    // While answers come, those behind them are not late, however many they are.
    const sinceMs = Math.max(oldest.addedAtMs, this.answeredAtMs);
    if (performance.now() - sinceMs < this.options.timeoutMs) return;
    this.giveUp(`no answer within ${this.options.timeoutMs} ms`);
  }
}

function closedAtOnce({ tls }: ConnectionOptions): string {
  return tls === null ? `${CLOSED_AT_ONCE}, as one does that speaks TLS alone` : CLOSED_AT_ONCE;
}

/** Judged with the other answers. */
function refusal(error: unknown): Reply {
  if (error instanceof StoreFailure) return error;
  throw error;
}

/** Twice as long each time, less by up to a half: nodes do not come back at once. */
function backoffMs(attempts: number): number {
  const most = Math.min(BACKOFF_MS.most, BACKOFF_MS.least * 2 ** Math.min(10, attempts - 1));
  return Math.round(most * (0.5 + Math.random() / 2));
}
