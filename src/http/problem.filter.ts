// Turns whatever was thrown on the way to an answer into a problem, for all that Nest routes.
import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../adapters/log';
import type { AllowedMethods } from './allowed-methods';
import { routedPath } from './answer-headers';
import { failureRefusal } from './failure';
import { ProblemException, sendProblem } from './problem';

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly allowed: AllowedMethods,
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    const request = http.getRequest<FastifyRequest>();
    if (exception instanceof NotFoundException) {
      this.answerUnrouted(request, reply);
    } else if (!(exception instanceof ProblemException) && isClientError(exception)) {
      sendProblem(reply, 'request-invalid', 'The request was refused before it reached a handler.');
    } else {
      const where = { method: request.method, route: request.routeOptions.url ?? null };
      const { code, detail, ...options } = failureRefusal(exception, where, this.log);
      sendProblem(reply, code, detail, options);
    }
  }

  private answerUnrouted(request: FastifyRequest, reply: FastifyReply): void {
    const path = routedPath(request.raw);
    const methods = this.allowed.of(path);
    if (methods === null) {
      sendProblem(reply, 'not-found', 'GET /openapi.json lists what this node serves.');
      return;
    }
    reply.header('allow', methods);
    const why =
      request.method === 'DELETE' && /^(\/v1)?\/data\//.test(path)
        ? 'Values cannot be deleted: they expire by themselves when their time-to-live has passed. To replace one, write the key again.'
        : `This path offers ${methods}.`;
    sendProblem(reply, 'method-not-allowed', why);
  }
}

/** Fastify and Nest both put the status they mean on what they throw. */
function isClientError(exception: unknown): boolean {
  const { statusCode, status } = exception as { statusCode?: unknown; status?: unknown };
  const meant = statusCode ?? status;
  return typeof meant === 'number' && meant >= 400 && meant < 500;
}
