// Reads a body that is not wanted, so that its sender can read the answer instead of seeing the
// connection reset. It costs no memory. A bound on its bytes and a pace keep it from holding the
// connection.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Transfer, type Transfers } from './limits/transfers';

/** Bytes read after a refusal before the connection is cut. */
const LINGER_BYTES_MAX = 64 * 1024 * 1024;

export class DiscardedBody extends Transfer {
  readonly heldBytes = 0;
  private discardedBytes = 0;

  /** To be made before the answer is finished. */
  constructor(
    private readonly message: IncomingMessage,
    transfers: Transfers,
  ) {
    super();
    closeAfterBody(message);
    message.on('error', () => undefined);
    message.on('data', (chunk: Buffer) => {
      this.discardedBytes += chunk.length;
      if (this.discardedBytes > LINGER_BYTES_MAX) message.destroy();
    });
    if (message.complete) return;
    transfers.begin(this);
    message.once('end', () => transfers.end(this)).once('close', () => transfers.end(this));
  }

  get socket(): Socket {
    return this.message.socket;
  }

  get movedBytes(): number {
    return this.discardedBytes;
  }

  cut(): void {
    this.message.destroy();
  }
}

/**
 * Node.js closes a connection that is not kept alive as soon as the answer is written. What still
 * arrives of the body then makes the kernel reset it, and the answer is lost. So the close waits
 * for the body (RFC 9112, 9.6: lingering close).
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
