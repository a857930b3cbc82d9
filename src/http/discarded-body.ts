// Reads a body that nobody wants, so that its sender can read the answer instead of seeing the connection reset.
import type { IncomingMessage } from 'node:http';

/** Bytes read after a refusal before the connection is cut. */
const LINGER_BYTES_MAX = 64 * 1024 * 1024;

/** To be called before the answer is finished. */
export function discardBody(message: IncomingMessage): void {
  let discardedBytes = 0;
  closeAfterBody(message);
  message.on('error', () => undefined);
  message.on('data', (chunk: Buffer) => {
    discardedBytes += chunk.length;
    if (discardedBytes > LINGER_BYTES_MAX) message.destroy();
  });
}

/**
 * Node.js closes a connection that is not kept alive as soon as the answer is written; what arrives of the body then makes
 * the kernel reset it, and the answer is lost. So the close waits for the body (RFC 9112, 9.6: lingering close).
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
