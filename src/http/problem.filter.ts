// Turns whatever was thrown on the way to an answer into a problem. Everything expected has a code.
// The rest is a bug: it is logged with a reference, and the client learns the reference and nothing
// else.
import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../adapters/log';
import type { AllowedMethods } from './allowed-methods';
import { routedPath } from './answer-headers';
import { ProblemException, sendProblem } from './problem';

const RETRY_AFTER_SECONDS = 5;

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
    if (exception instanceof ProblemException) {
      sendProblem(reply, exception.code, exception.detail, exception.options);
    } else if (exception instanceof NotFoundException) {
      this.answerUnrouted(request, reply);
    } else if (isClientError(exception)) {
      sendProblem(reply, 'request-invalid', 'The request was refused before it reached a handler.');
    } else if (isExhausted(exception)) {
      const why = 'No descriptor is left to open a file with: too many connections.';
      sendProblem(reply, 'busy', why, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    } else {
      this.answerBug(exception, request, reply);
    }
  }

  private answerUnrouted(request: FastifyRequest, reply: FastifyReply): void {
    const path = routedPath(request);
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

  private answerBug(exception: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const instance = `urn:uuid:${randomUUID()}`;
    const error = exception instanceof Error ? (exception.stack ?? exception.message) : String(exception);
    this.log.error('request-failed', {
      instance,
      method: request.method,
      route: request.routeOptions.url ?? null,
      error,
    });
    sendProblem(reply, 'internal', `The log of this node tells more under ${instance}.`, { instance });
  }
}

/** Fastify and Nest both put the status they mean on what they throw. */
function isClientError(exception: unknown): boolean {
  const { statusCode, status } = exception as { statusCode?: unknown; status?: unknown };
  const meant = statusCode ?? status;
  return typeof meant === 'number' && meant >= 400 && meant < 500;
}

/** The process or the machine has as many files and sockets open as it may. */
function isExhausted(exception: unknown): boolean {
  const code = (exception as NodeJS.ErrnoException | null | undefined)?.code;
  return code === 'EMFILE' || code === 'ENFILE';
}
