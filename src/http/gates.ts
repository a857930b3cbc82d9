// What every request passes before it reaches its handler. One hook runs all gates. A hook for each
// would cost the hot path more than what the gates look at.
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { type BodyDiscarder, hasBody } from './discarded-body';

/** False when it has answered the request. */
export type Gate = (request: FastifyRequest, reply: FastifyReply) => boolean;

/**
 * Goes on with a request that passes all gates, in this order. A body that no handler will ask for
 * is read and thrown away within bounds: Node.js would do so without any.
 */
export function passing(discard: BodyDiscarder, ...gates: readonly Gate[]): onRequestHookHandler {
  return (request, reply, done) => {
    for (const gate of gates) {
      if (gate(request, reply)) continue;
      if (hasBody(request.raw)) discard(request.raw);
      return;
    }
    // The handlers of PUT ask for their bodies, or discard them.
    const isTaken = request.raw.method === 'PUT' && !request.is404;
    if (!isTaken && hasBody(request.raw)) discard(request.raw);
    done();
  };
}
