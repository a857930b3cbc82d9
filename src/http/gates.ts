// What every request passes before it reaches its handler. One hook runs all gates. A hook for each
// would cost the hot path more than what the gates look at.
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';

/** False when it has answered the request. */
export type Gate = (request: FastifyRequest, reply: FastifyReply) => boolean;

/** Goes on with a request that passes all gates, in this order. */
export function passing(...gates: readonly Gate[]): onRequestHookHandler {
  return (request, reply, done) => {
    for (const gate of gates) if (!gate(request, reply)) return;
    done();
  };
}
