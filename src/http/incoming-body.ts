// One request body while it arrives. It takes its share of the ledger byte by byte, so that
// announcing much and sending little keeps nobody out, and it has to come on at a pace, so that
// sending little for long does not either.
import type { IncomingMessage } from 'node:http';
import { ArrivingBody } from './arriving-body';
import { ChunkList } from './chunk-list';
import type { ClientAccount } from './limits/client-account';
import type { Ledger } from './limits/ledger';
import type { CutReason, Transfers } from './limits/transfers';

/**
 * Why a body was not received. `incomplete`: the client went away or broke the encoding. `crumbs`:
 * in too small chunks.
 */
export type BodyRefusal = 'too-large' | 'incomplete' | 'crumbs' | CutReason;
export type ReceivedBody = Buffer | BodyRefusal;

export interface BodyLimits {
  readonly valueBytesMax: number;
  readonly ledger: Ledger;
  readonly transfers: Transfers;
}

export class IncomingBody extends ArrivingBody {
  private readonly chunks = new ChunkList();
  private takenBytes = 0;

  /** `done` is called once. */
  constructor(
    message: IncomingMessage,
    private readonly client: ClientAccount | null,
    private readonly limits: BodyLimits,
    private readonly done: (body: ReceivedBody) => void,
  ) {
    super(message);
    limits.transfers.begin(this);
    message.on('data', this.onData).on('end', this.onEnd).on('error', this.onCut).on('close', this.onCut);
  }

  get heldBytes(): number {
    return this.takenBytes;
  }

  cut(reason: CutReason): void {
    this.settle(reason);
  }

  private readonly onData = (chunk: Buffer): void => {
    if (!this.arrived(chunk.length)) this.settle('crumbs');
    else if (this.arrivedBytes > this.limits.valueBytesMax) this.settle('too-large');
    else if (!this.takes(chunk.length)) this.settle('busy');
    else {
      this.takenBytes += chunk.length;
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
    const { message, takenBytes } = this;
    this.limits.transfers.end(this);
    message.off('data', this.onData).off('end', this.onEnd).off('error', this.onCut).off('close', this.onCut);
    this.limits.ledger.give('bodies', takenBytes);
    this.client?.hold(-takenBytes);
    this.done(body);
  }
}
