// Whether the client of a request is still there when its request is done. A node that stood still
// finds requests in its buffers whose clients went elsewhere long ago, and their end lies right
// behind them (docs/adr/0061-writes-of-clients-that-hung-up.md).
import type { Socket } from 'node:net';

/**
 * True when the client has closed its connection, or its half of it. Takes two turns of the event
 * loop: the first may end without another look at the connection, the second does not.
 */
export async function hasHungUp(socket: Socket): Promise<boolean> {
  await nextTurn();
  await nextTurn();
  return socket.destroyed || socket.readableEnded;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
