// Brings a command to the server that has its bucket. Redirections are followed, and what may be
// possible in a moment is tried again until the time is up. A command that may have been done is
// never sent again.
import { EngineAway } from '../../runtime/data-engine';
import type { Command } from './command';
import { remedyFor, StoreFailure, StoreFull } from './failures';
import type { Server } from './server';

const RETRY_MS = { least: 20, most: 200 };
const REDIRECTIONS_MAX = 16;

/** How a command is sent to a server. */
export type Send<T> = (
  server: Server,
  command: Command,
  answered: (answer: T) => void,
  failed: (error: unknown) => void,
) => void;

export interface Ways {
  /** @param at null = where the bucket is known to be; @throws StoreFailure, EngineAway */
  serverOf(bucket: number, at: string | null): Server;
  /** A server says so. */
  moved(bucket: number, endpoint: string): void;
  /** Some bucket may be at another server by now. */
  elsewhere(): void;
  /** As the server is to be reached that another one names. */
  nameOf(bucket: number, endpoint: string): string;
}

interface Attempt {
  readonly command: Command;
  /** Where to, if not where the bucket is known to be. */
  readonly at: string | null;
}

interface Errand<T> {
  readonly bucket: number;
  readonly send: Send<T>;
  readonly untilMs: number;
}

export class Attempts {
  constructor(private readonly ways: Ways) {}

  /** @throws EngineAway, StoreBusy, StoreFull */
  run<T>(bucket: number, command: Command, send: Send<T>, patienceMs: number): Promise<T> {
    const errand = { bucket, send, untilMs: performance.now() + patienceMs };
    const first = { command, at: null };
    // One promise: nearly all commands are answered at once.
    return new Promise((resolve, reject) => {
      this.once(errand, first, resolve, (failure) => {
        this.again(errand, first, failure).then(resolve, reject);
      });
    });
  }

  private once<T>(
    { bucket, send }: Errand<T>,
    { command, at }: Attempt,
    answered: (answer: T) => void,
    failed: (failure: unknown) => void,
  ): void {
    let server: Server;
    try {
      server = this.ways.serverOf(bucket, at);
    } catch (failure) {
      failed(failure);
      return;
    }
    send(server, command, answered, failed);
  }

  /** @param failure of the first attempt */
  private async again<T>(errand: Errand<T>, first: Attempt, failure: unknown): Promise<T> {
    const { bucket, untilMs } = errand;
    let attempt = first;
    for (let error = failure, redirections = 0, pauseMs = RETRY_MS.least; ;) {
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
          if (remedy.isElsewhere) this.ways.elsewhere();
          if (performance.now() + pauseMs >= untilMs) throw new EngineAway((error as Error).message, true);
          await pause(pauseMs);
          pauseMs = Math.min(RETRY_MS.most, pauseMs * 2);
          attempt = { command: { ...attempt.command, isAsking: false }, at: null };
          break;
        case 'in-doubt':
          this.ways.elsewhere();
          throw new EngineAway((error as Error).message);
        case 'full':
          throw new StoreFull((error as Error).message);
        case 'none':
          throw error instanceof StoreFailure ? new EngineAway(error.message) : error;
      }
      const tried = attempt;
      try {
        return await new Promise<T>((answered, failed) => this.once(errand, tried, answered, failed));
      } catch (next) {
        error = next;
      }
    }
  }

  private redirected(bucket: number, { command }: Attempt, kind: 'moved' | 'ask', endpoint: string): Attempt {
    const at = this.ways.nameOf(bucket, endpoint);
    if (kind === 'ask') return { command: { ...command, isAsking: true }, at };
    this.ways.moved(bucket, at);
    return { command: { ...command, isAsking: false }, at: null };
  }
}

function withSource(command: Command): Command {
  if (command.script === null || command.hasSource)
    throw new EngineAway('the server does not know the script');
  return { ...command, hasSource: true };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms * (0.5 + Math.random() / 2)));
}
