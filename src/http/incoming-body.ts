// One request body while it arrives. It takes its share of the ledger byte by byte, so that
// announcing much and sending little keeps nobody out, and it has to come on at a pace, so that
// sending little for long does not either.
import type { IncomingMessage } from 'node:http';
import { ArrivingBody } from './arriving-body';
import { type BodyTaker, DirectMessage } from './direct-message';
import { ChunkList } from './chunk-list';
import type { ClientAccount } from './limits/client-account';
import type { Ledger } from './limits/ledger';
import type { CutReason, Transfers } from './limits/transfers';

/**
 * Why a body was not received. `incomplete`: the client went away or broke the encoding. `crumbs`:
 * in too small chunks. `draining`: it had not come when the node ended.
 */
export type BodyRefusal = 'too-large' | 'incomplete' | 'crumbs' | 'draining' | CutReason;
export type ReceivedBody = Buffer | BodyRefusal;

/** A body of fewer bytes is joined without asking the ledger: a turn of the loop has that much. */
const JOINED_FREE_BYTES = 128 * 1024;

export interface BodyLimits {
  readonly valueBytesMax: number;
  readonly ledger: Ledger;
  readonly transfers: Transfers;
  /**
   * Room that is asked for counts as used, so none is asked for what has not come. Absent = only
   * what is written counts.
   */
  readonly countsAddresses?: boolean;
}

export class IncomingBody extends ArrivingBody implements BodyTaker {
  private readonly chunks: ChunkList;
  private takenBytes = 0;
  private readonly detach: () => void;

  /** `done` is called once. */
  constructor(
    message: IncomingMessage,
    private readonly client: ClientAccount | null,
    private readonly limits: BodyLimits,
    private readonly done: (body: ReceivedBody) => void,
  ) {
    super(message);
    const announcedBytes = Number(message.headers['content-length'] ?? 0);
    this.chunks = new ChunkList(limits.countsAddresses === true ? 0 : announcedBytes);
    limits.transfers.begin(this);
    this.detach = attach(message, this);
  }

  get heldBytes(): number {
    return this.takenBytes;
  }

  /**
   * As a transfer it is cut for a reason, as the taker of a body for none but its connection's end.
   */
  cut(reason?: CutReason): void {
    this.settle(reason ?? 'incomplete');
  }

  override giveUp(): void {
    this.settle('draining');
  }

  piece(chunk: Buffer): void {
    if (!this.arrived(chunk.length)) this.settle('crumbs');
    else if (this.arrivedBytes > this.limits.valueBytesMax) this.settle('too-large');
    else if (!this.takes(chunk.length)) this.settle('busy');
    else if (!this.add(chunk)) this.settle('busy');
  }

  /** A large body of unknown length is there twice for a moment. */
  end(): void {
    const { joiningBytes } = this.chunks;
    const { ledger } = this.limits;
    if (joiningBytes <= JOINED_FREE_BYTES) return this.settle(this.whole());
    if (!ledger.take('bodies', joiningBytes, this)) return this.settle('busy');
    const whole = this.whole();
    ledger.give('bodies', joiningBytes);
    this.settle(whole);
  }

  /** False where the system gives no memory for it. */
  private add(chunk: Buffer): boolean {
    try {
      this.chunks.add(chunk);
      return true;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return false;
    }
  }

  private whole(): ReceivedBody {
    try {
      return this.chunks.whole();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return 'busy';
    }
  }

  private takes(bytes: number): boolean {
    const { client } = this;
    if (client !== null && !client.mayHold(bytes)) return false;
    if (!this.limits.ledger.take('bodies', bytes, this)) return false;
    client?.hold(bytes);
    this.takenBytes += bytes;
    return true;
  }

  private settle(body: ReceivedBody): void {
    const { takenBytes } = this;
    this.limits.transfers.end(this);
    this.detach();
    this.limits.ledger.give('bodies', takenBytes);
    this.client?.hold(-takenBytes);
    this.done(body);
  }
}

/** Hands the body to `taker` until what is returned is called. */
function attach(message: IncomingMessage, taker: BodyTaker): () => void {
  if (message instanceof DirectMessage && message.takeBody(taker)) return () => message.letGo();
  const onData = (chunk: Buffer): void => taker.piece(chunk);
  const onEnd = (): void => taker.end();
  const onCut = (): void => taker.cut();
  message.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
  return () => {
    message.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut);
  };
}
