// A 503 for a connection that finds no place. It is written before anything is read. Then the
// connection ends.
import type { Socket } from 'node:net';
import { PROBLEM_MEDIA_TYPE, problemBody } from '../problem';
import { PROBLEM_CODES } from '../problem-codes';

/** Long enough for the answer to arrive before the reset that what is unread causes. */
const LINGER_MS = 500;

const BODY = problemBody('busy', 'All connections that this node takes at a time are at work.');
const ANSWER =
  `HTTP/1.1 ${PROBLEM_CODES.busy.status} ${PROBLEM_CODES.busy.title}\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\n` +
  `Content-Length: ${Buffer.byteLength(BODY)}\r\nRetry-After: 1\r\nConnection: close\r\n\r\n${BODY}`;

export function refuseConnection(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.end(ANSWER);
  socket.resume();
  socket.once('end', () => socket.destroy());
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
