// The data lane: ordinary requests for values are answered on Node.js's own request and response,
// before Fastify and Nest. docs/adr/0052-data-lane.md says what that is worth. The lane decides
// nothing but whether a request is ordinary. The gates and the handler are those of the routes, so
// the answer is the same, byte for byte (test/e2e/data-lane.spec.ts).
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { type AnswerTarget, writeRefusal } from './answer';
import { DirectMessage } from './direct-message';
import { type BodyDiscarder, hasBody } from './discarded-body';
import { type Gate, refusedBy } from './gates';
import { PlainRequest } from './plain/plain-request';
import type { ProblemCounts } from './problem-counts';

export type ValueRequest = IncomingMessage | PlainRequest;

/** Answers requests for values, whatever is asked. */
export interface ValueHandler {
  read(request: ValueRequest, response: AnswerTarget): void;
  put(request: ValueRequest, response: AnswerTarget): void;
}

export interface LaneParts {
  readonly handler: ValueHandler;
  readonly gates: readonly Gate[];
  readonly problems: ProblemCounts;
  readonly discard: BodyDiscarder;
  /** While the server closes, the router is the one that ends connections. */
  readonly isClosing: () => boolean;
}

/** Whoever looks after the connection of a request that the lane answers. */
export type Follower = (response: ServerResponse) => void;

/** To be called when all else listens for requests of `server`. */
export function openDataLane(server: Server, parts: LaneParts, follow: Follower): void {
  const routed = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (isOrdinary(request, response) && !parts.isClosing()) {
      if (response.shouldKeepAlive) follow(response);
      answer(request, response, parts);
    } else for (const listener of routed) listener.call(server, request, response);
  });
}

/**
 * One that waits for nobody's answer, on a connection that is there, and asks for nothing special.
 */
function isOrdinary(request: IncomingMessage, response: ServerResponse): boolean {
  const { method, url = '', headers } = request;
  if (!url.startsWith('/data/') && !url.startsWith('/v1/data/')) return false;
  // An answer without its socket has to wait for those in front of it (./request-order.ts).
  if (response.socket === null || request.socket.destroyed || headers.expect !== undefined) return false;
  // The parser has not judged what it is framed by yet, and may do so within this very packet.
  if (headers['transfer-encoding'] !== undefined) return false;
  return method === 'PUT' || ((method === 'GET' || method === 'HEAD') && !hasBody(request));
}

/** The same for a request that the parser has read and for one that was recognized ahead of it. */
export function answer(request: ValueRequest, response: AnswerTarget, parts: LaneParts): void {
  const { handler, gates, problems, discard } = parts;
  const refusal = refusedBy(gates, request);
  if (refusal !== null) {
    if (!(request instanceof PlainRequest) && hasBody(request)) discard(request);
    if (refusal !== 'unanswered') writeRefusal(response, refusal, problems);
  } else if (request.method === 'PUT') handler.put(request, response);
  else {
    if (request instanceof DirectMessage) request.takeNothing();
    handler.read(request, response);
  }
}
