// Who wants to know that a client has closed its half of a connection. Many requests of one
// connection may, and the connection has one listener for all of them.
import type { Socket } from 'node:net';

const WAITING = Symbol('who waits for the end of what a client sends');
type Awaited = Socket & { [WAITING]?: Set<() => void> };

/**
 * Calls `then` once, when the client has sent all that it will: at once where it has already. Not
 * any more after what is returned was called.
 */
export function whenHalfClosed(socket: Awaited, then: () => void): () => void {
  if (socket.readableEnded) {
    then();
    return () => undefined;
  }
  const known = socket[WAITING];
  const all = known ?? new Set();
  all.add(then);
  if (known === undefined) {
    socket[WAITING] = all;
    socket.once('end', () => {
      for (const each of [...all]) if (all.has(each)) each();
    });
  }
  return () => all.delete(then);
}
