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

export function refuseUnknownParameters(
  request: FastifyRequest,
  reply: FastifyReply,
  done: () => void,
): void {
  if (request.raw.url?.includes('?') !== true || request.is404) {
    done();
    return;
  }
  const { parameters = NONE } = request.routeOptions.config as RouteParameters;
  const unknown =
    parameters === 'any'
      ? undefined
      : Object.keys(request.query as object).find((name) => !parameters.includes(name));
  if (unknown === undefined || parameters === 'any') done();
  else sendProblem(reply, 'query-invalid', unknownParameter(unknown, parameters));
}
