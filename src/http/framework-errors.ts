// Answers to requests that never reach a handler: targets the router cannot decode, and bytes that are not HTTP.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { type BodyDiscarder, hasBody } from './discarded-body';
import { owedAnswer } from './owed-answers';
import { PROBLEM_CODES, type ProblemCode } from './problem-codes';
import type { ProblemCounts } from './problem-counts';
import { PROBLEM_MEDIA_TYPE, problemBody, sendProblem } from './problem';

/** Fastify's `frameworkErrors`: called instead of hooks and handlers. */
export function badTargetAnswerer(
  discard: BodyDiscarder,
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (_error, { raw }, reply) => {
    reply.header('access-control-allow-origin', '*').header('x-content-type-options', 'nosniff');
    sendProblem(reply, 'url-invalid', 'The path is not percent-encoded UTF-8.');
    if (hasBody(raw)) discard(raw);
  };
}

const DETAILS = {
  'request-invalid': 'The bytes received are not an HTTP/1.1 request.',
  'request-timeout': 'The request line and headers, or the body, took too long to arrive.',
  'headers-too-large': 'The request line and headers together exceed what this node reads.',
} as const satisfies Partial<Record<ProblemCode, string>>;

function codeOf(error: { readonly code?: string }): keyof typeof DETAILS {
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large';
  return error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'request-invalid';
}

/** The HTTP server's `clientError`: there is no request object, only the socket. */
export function answerBrokenRequest(
  error: { readonly code?: string },
  socket: Socket,
  counts: ProblemCounts,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable || owesAnswers(socket)) {
    socket.destroy();
    return;
  }
  const code = codeOf(error);
  counts.add(code);
  const { status, title } = PROBLEM_CODES[code];
  const body = problemBody(code, DETAILS[code]);
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** Whether an earlier request on this connection waits for its answer, or is being answered: ours would be taken for that one. */
function owesAnswers(socket: Socket): boolean {
  const response = owedAnswer(socket);
  return response !== null && (response.headersSent || response.req.complete);
}
