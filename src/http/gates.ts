// What every request passes before it reaches its handler. One hook runs all gates. A hook for each
// would cost the hot path more than what the gates look at.
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { type Refusal, writeRefusal } from './answer';
import { type BodyDiscarder, hasBody } from './discarded-body';
import type { RequestHead } from './exchange';

/** Null when a request may pass, else why not. `unanswered`: its connection ends already. */
export type Gate = (request: RequestHead) => Refusal | 'unanswered' | null;

/** A gate that needs to know where the router leads. False when it has answered the request. */
export type RoutedGate = (request: FastifyRequest, reply: FastifyReply) => boolean;

/** What the first of the gates says that does not let the request pass; null when all do. */
export function refusedBy(gates: readonly Gate[], request: RequestHead): Refusal | 'unanswered' | null {
  for (const gate of gates) {
    const refusal = gate(request);
    if (refusal !== null) return refusal;
  }
  return null;
}

/**
 * Goes on with a request that passes all gates, in this order. A body that no handler will ask for
 * is read and thrown away within bounds: Node.js would do so without any.
 */
export function passing(
  discard: BodyDiscarder,
  gates: readonly Gate[],
  routedGates: readonly RoutedGate[],
): onRequestHookHandler {
  return (request, reply, done) => {
    const { raw } = request;
    const refusal = refusedBy(gates, raw);
    if (refusal !== null) {
      reply.hijack();
      if (hasBody(raw)) discard(raw);
      if (refusal !== 'unanswered') writeRefusal(reply.raw, refusal, reply.server.problemCounts);
      return;
    }
    if (!routedGates.every((gate) => gate(request, reply))) {
      if (hasBody(raw)) discard(raw);
      return;
    }
    // The handlers of PUT ask for their bodies, or discard them.
    const isTaken = raw.method === 'PUT' && !request.is404;
    if (!isTaken && hasBody(raw)) discard(raw);
    done();
  };
}
