// Headers of every answer, and the answer to OPTIONS. Data is public by key. So by CORS any origin
// may read and write it and see our headers. No origin may embed anything
// (docs/adr/0039-foreign-origins.md). Nothing this node serves may run as a page of its own unless
// a handler says so.
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AllowedMethods } from './allowed-methods';
import type { RoutedGate } from './gates';

export const EXPOSED_HEADERS = [
  'ETag',
  'Retry-After',
  'X-Created-At',
  'X-Original-TTL',
  'X-Remaining-TTL',
  'X-TTL',
  'X-Repram-Version',
  'X-Repram-Acks',
  'X-Repram-Ack-Hosts',
  'X-Repram-Node',
].join(', ');

export const EVERY_ANSWER = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED_HEADERS,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

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
export function routedPath({ url: target = '/' }: IncomingMessage): string {
  const question = target.indexOf('?');
  return question === -1 ? target : target.slice(0, question);
}
