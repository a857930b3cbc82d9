// Puts the headers of every answer on what the router answers, and answers OPTIONS.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AllowedMethods } from './allowed-methods';
import { EVERY_ANSWER } from './every-answer';
import type { RequestHead } from './exchange';
import type { RoutedGate } from './gates';

/** Sets the headers; every request passes. */
export const answerHeadersGate: RoutedGate = (_request, reply) => {
  reply.headers(EVERY_ANSWER);
  return true;
};

/** Answers OPTIONS for any path. */
export function optionsGate(allowed: AllowedMethods): RoutedGate {
  return (request, reply) => {
    if (request.raw.method !== 'OPTIONS') return true;
    answerOptions(request, reply, allowed);
    return false;
  };
}

function answerOptions(request: FastifyRequest, reply: FastifyReply, allowed: AllowedMethods): void {
  const methods = allowed.of(routedPath(request.raw));
  if (methods !== null) reply.header('allow', methods);
  reply
    .code(204)
    .header('access-control-allow-methods', methods ?? 'GET, HEAD, OPTIONS, PUT')
    .header('access-control-allow-headers', '*')
    .header('access-control-max-age', '86400')
    .send();
}

/** The path the router saw, or will see. */
export function routedPath({ url: target = '/' }: RequestHead): string {
  const question = target.indexOf('?');
  return question === -1 ? target : target.slice(0, question);
}
