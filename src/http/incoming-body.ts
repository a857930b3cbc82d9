// One request body while it arrives. It takes its share of the budget byte by byte, so that announcing much and sending
// little keeps nobody out, and it has to come on at a pace, so that sending little for long does not either.
import type { IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget';
import { ChunkList } from './chunk-list';

/** Why a body was not received. `incomplete`: the client went away or broke the encoding. */
export type BodyRefusal = 'too-large' | 'busy' | 'too-slow' | 'incomplete';
export type ReceivedBody = Buffer | BodyRefusal;

export interface BodyLimits {
  readonly valueBytesMax: number;
  readonly budget: BodyBudget;
  /** Each `windowMs` must bring `bytes`, or the rest of the body. */
  readonly pace: { readonly windowMs: number; readonly bytes: number };
}

export class IncomingBody {
  private readonly chunks = new ChunkList();
  private receivedBytes = 0;
  private pacedBytes = 0;
  private readonly pace: NodeJS.Timeout;

  /** `done` is called once. */
  constructor(
    private readonly message: IncomingMessage,
    private readonly limits: BodyLimits,
    private readonly done: (body: ReceivedBody) => void,
  ) {
    this.pace = setInterval(this.onWindow, limits.pace.windowMs);
    message.on('data', this.onData).on('end', this.onEnd).on('error', this.onCut).on('close', this.onCut);
  }

  private readonly onData = (chunk: Buffer): void => {
    if (this.receivedBytes + chunk.length > this.limits.valueBytesMax) this.settle('too-large');
    else if (!this.limits.budget.take(chunk.length)) this.settle('busy');
    else {
      this.receivedBytes += chunk.length;
      this.chunks.add(chunk);
    }
  };

  private readonly onEnd = (): void => {
    this.settle(this.chunks.whole());
  };

  private readonly onCut = (): void => {
    this.settle('incomplete');
  };

  private readonly onWindow = (): void => {
    if (this.receivedBytes - this.pacedBytes < this.limits.pace.bytes) this.settle('too-slow');
    else this.pacedBytes = this.receivedBytes;
  };

  private settle(body: ReceivedBody): void {
    clearInterval(this.pace);
    const { message } = this;
    message.off('data', this.onData).off('end', this.onEnd).off('error', this.onCut).off('close', this.onCut);
    this.limits.budget.give(this.receivedBytes);
    this.done(body);
  }
}
