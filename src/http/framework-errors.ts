// Answers to requests that never reach a handler: targets the router cannot decode, and bytes that
// are not HTTP.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import type { AllowedMethods } from './allowed-methods';
import { brokenHttp } from './broken-http';
import { type BodyDiscarder, hasBody } from './discarded-body';
import { isSpoken, unspoken, unspokenToParser } from './http-version';
import { arrivingRequest, owedAnswer } from './owed-answers';
import type { ProblemCounts } from './problem-counts';
import { sendProblem } from './problem';
import { endWithProblem, refuseTakenOut, type SocketProblem } from './socket-problem';
import { type ParseError, unknownMethod } from './unknown-method';

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

/** What a request may take. */
export interface RequestLimits {
  readonly headBytesMax: number;
  readonly headMs: number;
  readonly requestMs: number;
}

function problemOf({ code, reason }: ParseError, isInBody: boolean, limits: RequestLimits): SocketProblem {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const detail = `Request line and headers together, or what follows the last chunk, may have ${limits.headBytesMax} bytes.`;
    return { code: 'headers-too-large', detail };
  }
  if (code === 'HPE_INVALID_EOF_STATE' && isInBody) {
    const detail = 'The connection ended before the body did; nothing was stored.';
    return { code: 'body-incomplete', detail };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const [head, whole] = [limits.headMs / 1000, limits.requestMs / 1000];
    const detail = `The request line and headers must arrive within ${head} s, and the body within ${whole} s.`;
    return { code: 'request-timeout', detail };
  }
  return unspokenToParser(code, reason) ?? { code: 'request-invalid', detail: brokenHttp(code) };
}

/** The HTTP server's `clientError`: there is no request object, only the socket. */
export class BrokenRequests {
  /** What comes on these is of no interest any more; each piece of it is another error. */
  private readonly ending = new WeakSet<Socket>();

  constructor(
    private readonly counts: ProblemCounts,
    private readonly limits: RequestLimits,
    private readonly allowed: AllowedMethods,
  ) {}

  answer(error: ParseError, socket: Socket): void {
    if (this.ending.has(socket)) return;
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    this.refuse(error, socket, arrivingRequest(socket));
  }

  /**
   * In its turn, and once: a client takes the first answer behind those to earlier requests for the
   * one to this.
   *
   * @param broken the request whose body it is; null where it is no request yet
   */
  private refuse(error: ParseError, socket: Socket, broken: IncomingMessage | null): void {
    const owed = owedAnswer(socket);
    const isItsTurn = owed === null ? broken === null : owed.req === broken && !owed.headersSent;
    if (isItsTurn) {
      const problem = unknownMethod(error, this.allowed) ?? problemOf(error, broken !== null, this.limits);
      endWithProblem(socket, problem, this.counts);
    } else if (owed === null) this.end(socket);
    else this.waitBehind(owed, () => this.refuse(error, socket, broken));
  }

  /** The broken request was answered ahead of its body. */
  private end(socket: Socket): void {
    this.ending.add(socket);
    socket.end();
    socket.pause();
  }

  private waitBehind(owed: ServerResponse, then: () => void): void {
    const { socket } = owed.req;
    this.ending.add(socket);
    socket.pause();
    // The next answer in line takes the socket before it can be asked for.
    owed.once('close', () => {
      setImmediate(() => {
        // An earlier answer was the last of its connection.
        if (socket.writable) then();
      });
    });
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
  server.on('connect', (request) =>
    refuseTakenOut(request.socket, isSpoken(request) ? problem : unspoken(request), counts),
  );
}

/**
 * A client that has sent all it wants to may close its half of the connection at once, and still
 * waits for its answers. Node.js would close the other half as well. Its types leave the switch
 * out.
 */
export function answerHalfClosed(server: Server): void {
  Object.assign(server, { httpAllowHalfOpen: true });
}
