// The answers to an HTTP upgrade that are written by hand: no, in fewer bytes than any request has,
// and yes to encryption.
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { CHANNEL_TOKEN } from './secure-channel';

/** 426 names what would be spoken instead (RFC 9110, section 15.5.22). */
export type RefusalStatus = 403 | 426 | 503;

export const SWITCHING_TO_CHANNEL = `HTTP/1.1 101 ${STATUS_CODES[101] ?? ''}\r\nConnection: Upgrade\r\nUpgrade: ${CHANNEL_TOKEN}\r\n\r\n`;

/** Says no and lets go of the socket. */
export function refuseUpgrade(socket: Duplex, status: RefusalStatus, spoken = ''): void {
  socket.on('error', () => socket.destroy());
  const upgrade = status === 426 ? `Upgrade: ${spoken}\r\n` : '';
  const answer = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${upgrade}Connection: close\r\nContent-Length: 0\r\n\r\n`;
  socket.end(answer, () => socket.destroy());
}
