// Once this node has closed its side of a connection, the client's side ends before long as well.
// While an unwanted body still arrives at a pace, its sender is given the time to read the answer.
import type { Socket } from 'node:net';

export const CLOSING = { windowMs: 2000, bytes: 8192, windowsMax: 15 } as const;

/** To be called once for each connection. */
export function limitClosing(
  socket: Socket,
  limits: Readonly<Record<keyof typeof CLOSING, number>> = CLOSING,
): void {
  socket.once('finish', () => {
    if (socket.destroyed) return;
    let [windows, readBytes] = [0, socket.bytesRead];
    const timer = setInterval(() => {
      windows += 1;
      const isMoving = socket.bytesRead - readBytes >= limits.bytes;
      readBytes = socket.bytesRead;
      if (!isMoving || windows >= limits.windowsMax) socket.destroy();
    }, limits.windowMs);
    timer.unref();
    socket.once('close', () => clearInterval(timer));
  });
}
