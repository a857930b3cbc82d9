// A 503 for a connection that finds no place. It is written before anything is read. Then the
// connection ends.
import type { Socket } from 'node:net';
import { PROBLEM_LINES, problemBody } from '../problem';
import { PROBLEM_CODES } from '../problem-codes';

/** Long enough for the answer to arrive before the reset that what is unread causes. */
const LINGER_MS = 500;

const BODY = problemBody('busy', 'All connections that this node takes at a time are at work.');
const START = `HTTP/1.1 ${PROBLEM_CODES.busy.status} ${PROBLEM_CODES.busy.title}\r\n${PROBLEM_LINES}`;
const END = `Content-Length: ${Buffer.byteLength(BODY)}\r\nRetry-After: 1\r\nConnection: close\r\n\r\n${BODY}`;

/** @param signatureLines who answers (src/http/problem-counts.ts) */
export function refuseConnection(socket: Socket, signatureLines = ''): void {
  socket.on('error', () => socket.destroy());
  socket.end(`${START}${signatureLines}${END}`);
  socket.resume();
  socket.once('end', () => socket.destroy());
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
