// Query parameters of every route but those of data, which read their own: what a route does not know is refused. A route
// says what it takes with @RouteConfig({ parameters }); without that it takes none.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problem';
import { unknownParameter } from './query-string';

export interface RouteParameters {
  /** `any`: pages, to whose addresses others append what they like. */
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
