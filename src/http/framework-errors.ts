// Answers to requests that never reach a handler: targets the router cannot decode, and bytes that
// are not HTTP.
import type { Server, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { type BodyDiscarder, hasBody } from './discarded-body';
import { owedAnswer } from './owed-answers';
import type { ProblemCode } from './problem-codes';
import type { ProblemCounts } from './problem-counts';
import { sendProblem } from './problem';
import { endWithProblem, refuseTakenOut } from './socket-problem';

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
  'body-incomplete': 'The connection ended before the body did; nothing was stored.',
} as const satisfies Partial<Record<ProblemCode, string>>;

interface ParseError {
  readonly code?: string;
}

function codeOf({ code }: ParseError, isInBody: boolean): keyof typeof DETAILS {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large';
  if (code === 'HPE_INVALID_EOF_STATE' && isInBody) return 'body-incomplete';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'request-invalid';
}

/** The HTTP server's `clientError`: there is no request object, only the socket. */
export class BrokenRequests {
  /** What comes on these is of no interest any more; each piece of it is another error. */
  private readonly ending = new WeakSet<Socket>();

  constructor(private readonly counts: ProblemCounts) {}

  answer(error: ParseError, socket: Socket): void {
    if (this.ending.has(socket)) return;
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const owed = owedAnswer(socket);
    if (owed !== null && (owed.headersSent || owed.req.complete)) {
      this.endBehind(owed, error, socket);
      return;
    }
    const code = codeOf(error, owed !== null);
    endWithProblem(socket, { code, detail: DETAILS[code] }, this.counts);
  }

  /**
   * An earlier request waits for its answer, or is being answered: ours would be taken for that
   * one. So the connection ends behind it, or with a problem where the answer after it is to the
   * broken request itself.
   */
  private endBehind(owed: ServerResponse, error: ParseError, socket: Socket): void {
    this.ending.add(socket);
    socket.pause();
    const endOrGoOn = (): void => {
      if (owedAnswer(socket) === null) {
        socket.end();
        socket.pause();
        return;
      }
      this.ending.delete(socket);
      this.answer(error, socket);
    };
    // The next answer in line takes the socket before it can be asked for.
    owed.once('close', () => setImmediate(endOrGoOn));
  }
}

/**
 * CONNECT asks for a tunnel; without a listener Node.js would close the connection without a word.
 */
export function refuseTunnels(server: Server, counts: ProblemCounts): void {
  const problem = {
    code: 'method-not-allowed',
    detail: 'This node opens no tunnels: GET /openapi.json lists what it serves.',
    headers: 'Allow: GET, HEAD, OPTIONS, PUT\r\n',
  } as const;
  server.on('connect', ({ socket }) => refuseTakenOut(socket, problem, counts));
}

/**
 * A client that has sent all it wants to may close its half of the connection at once, and still
 * waits for its answers. Node.js would close the other half as well. Its types leave the switch
 * out.
 */
export function answerHalfClosed(server: Server): void {
  Object.assign(server, { httpAllowHalfOpen: true });
}
