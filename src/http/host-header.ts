// HTTP/1.1 wants a Host in every request (RFC 9112, 3.2). What it says does not matter here: a node has one set of routes.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problem';

export function refuseWithoutHost(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { headers, httpVersionMajor, httpVersionMinor } = request.raw;
  if (headers.host !== undefined || (httpVersionMajor === 1 && httpVersionMinor === 0)) done();
  else sendProblem(reply, 'request-invalid', 'A request of HTTP/1.1 needs a Host header.');
}
