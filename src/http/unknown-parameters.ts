// Query parameters of every route except the data routes, which read their own. A parameter that a
// route does not know is refused. A route says what it takes with @RouteConfig({ parameters }).
// Without that it takes none.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problem';
import { unknownParameter } from './query-string';

export interface RouteParameters {
  /** `any`: pages, because other sites append what they like to their addresses. */
  readonly parameters?: readonly string[] | 'any';
}

const NONE: readonly string[] = [];

export function parameterGate(request: FastifyRequest, reply: FastifyReply): boolean {
  if (request.raw.url?.includes('?') !== true || request.is404) return true;
  const { parameters = NONE } = request.routeOptions.config as RouteParameters;
  if (parameters === 'any') return true;
  const unknown = Object.keys(request.query as object).find((name) => !parameters.includes(name));
  if (unknown === undefined) return true;
  sendProblem(reply, 'query-invalid', unknownParameter(unknown, parameters));
  return false;
}
