// Problems that are written to a bare socket, where there is no response object to answer with.
import type { Socket } from 'node:net';
import { afterAnswers } from './owed-answers';
import { PROBLEM_LINES, problemBody } from './problem';
import { PROBLEM_CODES, type ProblemCode } from './problem-codes';
import type { ProblemCounts } from './problem-counts';

export interface SocketProblem {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Lines of further headers, each with its line break. */
  readonly headers?: string;
}

/** Says it and ends the connection. */
export function endWithProblem(
  socket: Socket,
  { code, detail, headers = '' }: SocketProblem,
  counts: ProblemCounts,
): void {
  counts.add(code);
  counts.onBare(socket, code, detail);
  const { status, title } = PROBLEM_CODES[code];
  const body = problemBody(code, detail);
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\n${PROBLEM_LINES}${counts.signatureLines}${headers}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/**
 * The same for a request whose socket Node.js has taken out of HTTP, behind the answers that are
 * owed to earlier ones.
 */
export function refuseTakenOut(socket: Socket, problem: SocketProblem, counts: ProblemCounts): void {
  socket.on('error', () => socket.destroy());
  afterAnswers(socket, () => {
    if (socket.writable) endWithProblem(socket, problem, counts);
    else socket.destroy();
    // Read to its end, so that the close is seen.
    socket.resume();
  });
}
