// Says no to an HTTP upgrade, in fewer bytes than any request has, and lets go of the socket.
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

export type RefusalStatus = 403 | 503;

export function refuseUpgrade(socket: Duplex, status: RefusalStatus): void {
  socket.on('error', () => socket.destroy());
  const answer = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  socket.end(answer, () => socket.destroy());
}
