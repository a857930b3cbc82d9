// One server: a connection for what is answered at once, and one for writes that wait for replicas,
// which would hold up all behind them. Such writes go in batches: those of a batch are sent, then
// WAIT once for each number of replicas that they ask for. One batch is under way at a time, and
// what comes meanwhile is the next.
import { type Argument, Connection, type ConnectionOptions, type Reply } from './connection';
import { StoreBusy } from './failures';

export interface Waited {
  readonly reply: Reply;
  /** Replicas that have the write. */
  readonly replicas: number;
}

export interface Command {
  readonly name: string;
  readonly args: readonly Argument[];
  /** The server has the slot only in part, and answers for this command alone. */
  readonly isAsking: boolean;
}

interface WaitingWrite extends Command {
  readonly replicas: number;
  readonly resolve: (waited: Promise<Waited>) => void;
}

const WRITES_WAITING_MAX = 16_384;

export class Server {
  private readonly direct: Connection;
  private readonly waited: Connection;
  private batch: WaitingWrite[] = [];
  private isUnderWay = false;

  constructor(
    readonly endpoint: string,
    options: ConnectionOptions,
    private readonly waitMs: number,
  ) {
    this.direct = new Connection(options);
    this.waited = new Connection({ ...options, timeoutMs: options.timeoutMs + waitMs });
  }

  get isUp(): boolean {
    return this.direct.isUp;
  }

  get lastProblem(): string {
    return this.direct.lastProblem;
  }

  send(command: Command): Promise<Reply> {
    return sendOn(this.direct, command);
  }

  /** Answers when so many replicas have the write, or the time is up. */
  sendAndWait(command: Command, replicas: number): Promise<Waited> {
    if (this.batch.length >= WRITES_WAITING_MAX)
      return Promise.reject(new StoreBusy('more writes wait for replicas than may'));
    return new Promise((resolve) => {
      this.batch.push({ ...command, replicas, resolve });
      if (this.batch.length === 1 && !this.isUnderWay) setImmediate(() => this.next());
    });
  }

  close(): void {
    this.direct.close();
    this.waited.close();
  }

  private next(): void {
    const batch = this.batch;
    if (batch.length === 0 || this.isUnderWay) return;
    this.batch = [];
    this.isUnderWay = true;
    const sent = batch.map((write) => sendOn(this.waited, write));
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
    return this.waited.send('WAIT', [String(replicas), String(this.waitMs)]);
  }
}

function sendOn(connection: Connection, { name, args, isAsking }: Command): Promise<Reply> {
  if (isAsking) connection.send('ASKING', []).catch(() => undefined);
  return connection.send(name, args);
}

/** A write whose replicas could not be counted is with its primary at least. */
async function confirmed(sent: Promise<Reply>, waiting: Promise<Reply> | undefined): Promise<Waited> {
  const counted = waiting?.catch(() => 0);
  const reply = await sent;
  const replicas = await counted;
  return { reply, replicas: typeof replicas === 'number' ? replicas : 0 };
}
