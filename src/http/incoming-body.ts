// One request body while it arrives. It takes its share of the ledger byte by byte, so a client
// that announces much and sends little keeps no other out. It has to keep a pace, so sending little
// for long keeps no other out either.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { ChunkList } from './chunk-list';
import type { ClientAccount } from './limits/client-account';
import type { Ledger } from './limits/ledger';
import { type CutReason, Transfer, type Transfers } from './limits/transfers';

/** Why a body was not received. `incomplete`: the client went away or broke the encoding. */
export type BodyRefusal = 'too-large' | 'incomplete' | CutReason;
export type ReceivedBody = Buffer | BodyRefusal;

export interface BodyLimits {
  readonly valueBytesMax: number;
  readonly ledger: Ledger;
  readonly transfers: Transfers;
}

export class IncomingBody extends Transfer {
  private readonly chunks = new ChunkList();
  private receivedBytes = 0;

  /** `done` is called once. */
  constructor(
    private readonly message: IncomingMessage,
    private readonly client: ClientAccount | null,
    private readonly limits: BodyLimits,
    private readonly done: (body: ReceivedBody) => void,
  ) {
    super();
    limits.transfers.begin(this);
    message.on('data', this.onData).on('end', this.onEnd).on('error', this.onCut).on('close', this.onCut);
  }

  get socket(): Socket {
    return this.message.socket;
  }

  get heldBytes(): number {
    return this.receivedBytes;
  }

  get movedBytes(): number {
    return this.receivedBytes;
  }

  cut(reason: CutReason): void {
    this.settle(reason);
  }

  private readonly onData = (chunk: Buffer): void => {
    if (this.receivedBytes + chunk.length > this.limits.valueBytesMax) this.settle('too-large');
    else if (!this.takes(chunk.length)) this.settle('busy');
    else {
      this.receivedBytes += chunk.length;
      this.chunks.add(chunk);
    }
  };

  private takes(bytes: number): boolean {
    const { client } = this;
    if (client !== null && !client.mayHold(bytes)) return false;
    if (!this.limits.ledger.take('bodies', bytes, this)) return false;
    client?.hold(bytes);
    return true;
  }

  private readonly onEnd = (): void => {
    this.settle(this.chunks.whole());
  };

  private readonly onCut = (): void => {
    this.settle('incomplete');
  };

  private settle(body: ReceivedBody): void {
    const { message, receivedBytes } = this;
    this.limits.transfers.end(this);
    message.off('data', this.onData).off('end', this.onEnd).off('error', this.onCut).off('close', this.onCut);
    this.limits.ledger.give('bodies', receivedBytes);
    this.client?.hold(-receivedBytes);
    this.done(body);
  }
}
