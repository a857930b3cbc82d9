// Reads a body that nobody wants, so that its sender can read the answer instead of seeing the
// connection reset. It costs no memory; bounds on its bytes and pieces and a pace keep it from
// holding the connection, and from holding up the others.
import type { IncomingMessage } from 'node:http';
import { ArrivingBody } from './arriving-body';
import type { Transfers } from './limits/transfers';
import { afterAnswers } from './owed-answers';

/**
 * Bytes read after a refusal: a value of the default limit, and half as much again. Who sends more
 * has been told.
 */
const LINGER_BYTES_MAX = 16 * 1024 * 1024;

export class DiscardedBody extends ArrivingBody {
  readonly heldBytes = 0;

  /** To be made before the answer is finished. */
  constructor(message: IncomingMessage, transfers: Transfers) {
    super(message);
    closeAfterBody(message);
    message.on('error', () => undefined);
    message.on('data', this.onData);
    if (message.complete) return;
    // Node.js throws away by itself what nobody has begun to read when the answer is sent, and that
    // without any bound.
    message.read(0);
    transfers.begin(this);
    message.once('end', () => transfers.end(this)).once('close', () => transfers.end(this));
  }

  cut(): void {
    this.message.destroy();
  }

  /** Takes no more of it: the connection ends behind the answers that it owes. */
  stop(): void {
    if (this.isStopped) return;
    this.stopReading();
    const { socket } = this.message;
    afterAnswers(socket, () => socket.end());
  }

  private readonly onData = (chunk: Buffer): void => {
    if (this.isStopped) return;
    if (!this.arrived(chunk.length) || this.arrivedBytes > LINGER_BYTES_MAX) this.stop();
  };
}

/** Discards the body of a message. */
export type BodyDiscarder = (message: IncomingMessage) => unknown;

/** Whether a body follows the head of a request. */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Node.js closes a connection that is not kept alive as soon as the answer is written; what arrives
 * of the body then makes the kernel reset it, and the answer is lost. So the close waits for the
 * body (RFC 9112, 9.6: lingering close).
 */
function closeAfterBody(message: IncomingMessage): void {
  const { socket } = message;
  const close = socket.destroySoon.bind(socket);
  socket.destroySoon = (): void => {
    if (message.complete) {
      close();
      return;
    }
    message.once('end', close);
    socket.end();
  };
  message.once('end', () => {
    socket.destroySoon = close;
  });
}
