// Keeps a connection open until a body that nobody wants has been read (RFC 9112, 9.6: lingering close). Node.js closes a
// connection that is not kept alive as soon as the answer is written; bytes of the body that arrive then make the kernel
// reset it, and the client loses the answer that it should have read.
import type { IncomingMessage } from 'node:http';

/** To be called before the answer is finished. Changes nothing for a connection that is kept alive. */
export function closeAfterBody(message: IncomingMessage): void {
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
