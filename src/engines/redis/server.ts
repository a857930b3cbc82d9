// One server: a connection for what is answered at once, and one for writes that wait for replicas,
// which would hold up all behind them. Writes of one event-loop turn go together. Those that wait
// for replicas go in batches: those of a batch are sent, then WAIT once for each number of replicas
// that they ask for. One batch is under way at a time, and what comes meanwhile is the next.
import { type Command, wireForm } from './command';
import { Connection, type ConnectionOptions } from './connection';
import { StoreBusy } from './failures';
import type { Reply } from './wire-reader';
import { commandOf, packsOf, refuse, share, type Write } from './write-packs';

export interface Waited {
  readonly reply: Reply;
  /** Replicas that have the write. */
  readonly replicas: number;
}

export interface ServerOptions extends ConnectionOptions {
  readonly isCluster: boolean;
  readonly waitMs: number;
}

interface WaitingWrite {
  readonly command: Command;
  readonly replicas: number;
  readonly resolve: (waited: Promise<Waited>) => void;
}

const WRITES_WAITING_MAX = 16_384;

export class Server {
  private readonly direct: Connection;
  private readonly waited: Connection;
  /** Of this turn. */
  private writes: Write[] = [];
  /** Writes that were sent. */
  private unanswered = 0;
  private batch: WaitingWrite[] = [];
  private isUnderWay = false;

  constructor(
    readonly endpoint: string,
    private readonly options: ServerOptions,
  ) {
    this.direct = new Connection(options, () => this.sendWrites());
    this.waited = new Connection({ ...options, timeoutMs: options.timeoutMs + options.waitMs });
  }

  get isUp(): boolean {
    return this.direct.isUp;
  }

  get lastProblem(): string {
    return this.direct.lastProblem;
  }

  send(command: Command): Promise<Reply> {
    return new Promise((answered, failed) => this.ask(command, answered, failed));
  }

  ask(command: Command, answered: (reply: Reply) => void, failed: (error: unknown) => void): void {
    sendOn(this.direct, command, answered, failed);
  }

  write(command: Command, resolve: (reply: Reply) => void, reject: (error: unknown) => void): void {
    if (this.writes.length + this.unanswered >= WRITES_WAITING_MAX) {
      reject(new StoreBusy('more writes wait for this server than may'));
      return;
    }
    this.writes.push({ command, resolve, reject });
    this.direct.leave();
  }

  /** Answers when so many replicas have the write, or the time is up. */
  writeAndWait(command: Command, replicas: number): Promise<Waited> {
    if (this.batch.length >= WRITES_WAITING_MAX)
      return Promise.reject(new StoreBusy('more writes wait for replicas than may'));
    return new Promise((resolve) => {
      this.batch.push({ command, replicas, resolve });
      if (this.batch.length === 1 && !this.isUnderWay) setImmediate(() => this.next());
    });
  }

  close(): void {
    this.direct.close();
    this.waited.close();
  }

  private sendWrites(): void {
    const { writes } = this;
    this.writes = [];
    this.sendPacks(this.direct, writes);
  }

  private sendPacks(connection: Connection, writes: readonly Write[]): void {
    this.unanswered += writes.length;
    for (const pack of packsOf(writes)) {
      const answered = (reply: Reply): void => {
        this.unanswered -= pack.length;
        share(pack, reply);
      };
      const failed = (error: unknown): void => {
        this.unanswered -= pack.length;
        refuse(pack, error);
      };
      sendOn(connection, commandOf(pack), answered, failed);
    }
  }

  private next(): void {
    const { batch, waited } = this;
    if (batch.length === 0 || this.isUnderWay) return;
    this.batch = [];
    this.isUnderWay = true;
    const writes: Write[] = [];
    const sent = batch.map(({ command }) => {
      return new Promise<Reply>((resolve, reject) => writes.push({ command, resolve, reject }));
    });
    this.sendPacks(waited, writes);
    const counts = [...new Set(batch.map(({ replicas }) => replicas))].sort((a, b) => a - b);
    const waits = new Map(counts.map((count) => [count, this.wait(count)]));
    batch.forEach(({ replicas, resolve }, at) => {
      resolve(confirmed(sent[at], waits.get(replicas)));
    });
    void Promise.allSettled([...sent, ...waits.values()]).then(() => {
      this.isUnderWay = false;
      this.next();
    });
  }

  private wait(replicas: number): Promise<Reply> {
    return this.waited.send(['WAIT', String(replicas), String(this.options.waitMs)]);
  }
}

function sendOn(
  connection: Connection,
  command: Command,
  answered: (reply: Reply) => void,
  failed: (error: unknown) => void,
): void {
  if (command.isAsking) connection.send(['ASKING']).catch(() => undefined);
  connection.ask({ command: wireForm(command), answerBytes: command.answerBytes, answered, failed });
}

/** A write whose replicas could not be counted is with its primary at least. */
async function confirmed(sent: Promise<Reply>, waiting: Promise<Reply> | undefined): Promise<Waited> {
  const counted = waiting?.catch(() => 0);
  const reply = await sent;
  const replicas = await counted;
  return { reply, replicas: typeof replicas === 'number' ? replicas : 0 };
}
