// How Fastify is set up for a node, and why each setting is not the default.
import type { Server, ServerOptions, ServerResponse } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import type { AllowedMethods } from './allowed-methods';
import { DirectMessage } from './direct-message';
import type { BodyDiscarder } from './discarded-body';
import { BrokenRequests, badTargetAnswerer } from './framework-errors';
import type { ProblemCounts } from './problem-counts';
import { parseQuery } from './query-string';
import { routedTarget } from './request-target';
import type { ParseError } from './unknown-method';

/** Room for headers beside the longest key, every byte of which may be percent-encoded. */
const HEADER_BYTES = 16 * 1024;

/** A body must have arrived by then. The largest value takes less time over a slow mobile link. */
const REQUEST_TIMEOUT_MS = 300_000;

/**
 * Request line and headers must have arrived by then, on a connection that is new or kept alive.
 */
const HEADERS_TIMEOUT_MS = 15_000;
/**
 * An idle connection is kept for longer than gateways keep theirs (75 s is common, and the Flux
 * platform's). The end that sends requests must be the one that closes first. Otherwise a request
 * is sent into a connection that was just closed.
 */
const KEEP_ALIVE_TIMEOUT_MS = 90_000;
/** How often connections are looked at for being over these limits. */
const CHECK_EVERY_MS = 5000;

/** Fastify would load its compilers of schemas otherwise, at each start. No route has a schema. */
function noSchemas(): never {
  throw new Error('This server has no compiler of schemas.');
}

/**
 * @param keyBytesMax of keys that can be read: clients of other nodes may write longer ones than
 * clients of this one
 */
export function fastifyOptions(
  keyBytesMax: number,
  counts: ProblemCounts,
  Response: typeof ServerResponse,
  discard: BodyDiscarder,
  allowed: AllowedMethods,
): FastifyHttpOptions<Server> {
  const headBytesMax = HEADER_BYTES + 3 * keyBytesMax;
  const limits = {
    headBytesMax,
    headMs: HEADERS_TIMEOUT_MS,
    requestMs: REQUEST_TIMEOUT_MS,
  };
  const broken = new BrokenRequests(counts, limits, allowed);
  return {
    logger: false,
    http: { ...serverOptions(headBytesMax), IncomingMessage: DirectMessage, ServerResponse: Response },
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // While closing, the server answers further requests like any other, with `connection: close`.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    rewriteUrl: (request) => routedTarget(request.url ?? '/'),
    frameworkErrors: badTargetAnswerer(discard),
    clientErrorHandler: (error, socket) => broken.answer(error as unknown as ParseError, socket),
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    routerOptions: { querystringParser: parseQuery, maxParamLength: 4096 },
  };
}

function serverOptions(maxHeaderSize: number): ServerOptions {
  return {
    maxHeaderSize,
    headersTimeout: HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    // Node.js would answer with an empty 400; ./host-header.ts says why.
    requireHostHeader: false,
    // A header that may come once and came twice shows as one with a comma. Node.js would drop the
    // second in silence.
    joinDuplicateHeaders: true,
  };
}
