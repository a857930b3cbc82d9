// Builds the HTTP side of one node: a Nest application on Fastify around the node's parts.
// Processes and tests use the same function; nothing in it is shared between the nodes of one
// process.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module';
import type { NodeSettings } from './config/settings';
import { AllowedMethods } from './http/allowed-methods';
import { answerHeadersGate, optionsGate } from './http/answer-headers';
import { answer, type LaneParts, openDataLane } from './http/data-lane';
import { type BodyDiscarder, DiscardedBody } from './http/discarded-body';
import { expectationGate, takeExpectations } from './http/expectation';
import { fastifyOptions } from './http/fastify-options';
import { passing, type Gate } from './http/gates';
import { plainFollower } from './http/plain/plain-lane';
import type { PlainRequest } from './http/plain/plain-request';
import type { PlainResponse } from './http/plain/plain-response';
import { answerHalfClosed, refuseTunnels } from './http/framework-errors';
import { httpVersionGate } from './http/http-version';
import { givenOnceGate, headerFieldsGate, readAllFields } from './http/header-fields';
import { hostGate } from './http/host-header';
import { RateLimit, rateLimitGate } from './http/rate-limit';
import { noteRequests, requestNote, type RequestNote } from './http/request-log';
import { keepOrder } from './http/request-order';
import { ClientLimits } from './http/limits/client-limits';
import { closeOnlyIdle, sayLast } from './http/limits/leaving';
import { giveUpRequests } from './http/limits/unfinished';
import { ProblemCounts, signatureOf } from './http/problem-counts';
import { parameterGate } from './http/unknown-parameters';
import { ProblemFilter } from './http/problem.filter';
import { DataHandler } from './modules/data/data.handler';
import { KEY_BYTES_MAX } from './runtime/data-engine';
import type { NodeParts } from './runtime/runtime.module';

/**
 * The application, initialized and not yet listening: call `listen(port, address)`, again with
 * another port when it rejects with EADDRINUSE. Discovery sources start submitting candidates
 * before this resolves.
 */
export async function createHttpApp(parts: NodeParts): Promise<NestFastifyApplication> {
  const allowed = new AllowedMethods();
  const problems = new ProblemCounts(signatureOf(parts.view.identity()));
  const limits = new ClientLimits(parts, problems);
  const discard: BodyDiscarder = (message) => new DiscardedBody(message, limits.transfers);
  const options = fastifyOptions(KEY_BYTES_MAX, problems, limits.Response, discard, allowed);
  const adapter = new FastifyAdapter({ ...options, skipMiddie: true });
  adapter.getInstance().decorate('problemCounts', problems);
  limits.guard(adapter.getInstance().server);
  closeOnlyIdle(adapter.getInstance().server);
  const gates = gatesOf(parts.settings, limits);
  configureFastify(adapter, allowed, gates, discard);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forNode(parts, problems, limits),
    adapter,
    {
      // Nest's logger is one for the whole process; nodes log through their own parts.log.
      logger: false,
      abortOnError: false,
      bodyParser: false,
    },
  );
  app.useGlobalFilters(new ProblemFilter(parts.log, allowed));
  await app.init();
  const note = requestNote(parts.settings, parts.log);
  if (parts.settings.dataLane === 'on') {
    const handler = app.get(DataHandler);
    const isClosing = (): boolean => parts.engine.state() === 'draining';
    const lane: LaneParts = { handler, gates, problems, discard, isClosing };
    const follow = plainFollower(app.getHttpServer(), {
      answer: answerPlain(lane, note),
      onUnread: (response) => limits.answers.note(response),
      onHeld: (socket, bytes) => limits.connections.readAhead(socket, bytes),
      isClosing,
    });
    openDataLane(app.getHttpServer(), lane, follow);
  }
  keepOrder(app.getHttpServer());
  if (note !== null) noteRequests(app.getHttpServer(), note, parts.log, problems);
  return app;
}

type AnswerPlain = (request: PlainRequest, response: PlainResponse) => void;

function answerPlain(lane: LaneParts, note: RequestNote | null): AnswerPlain {
  if (note === null) return (request, response) => answer(request, response, lane);
  return (request, response) => {
    note(request, response);
    answer(request, response, lane);
  };
}

function configureFastify(
  adapter: FastifyAdapter,
  allowed: AllowedMethods,
  gates: readonly Gate[],
  discard: BodyDiscarder,
): void {
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', ({ url, method }) => allowed.add(url, method));
  fastify.addHook(
    'onRequest',
    passing(discard, gates, [answerHeadersGate, optionsGate(allowed), parameterGate]),
  );
  takeExpectations(fastify.server);
  readAllFields(fastify.server);
  refuseTunnels(fastify.server, fastify.problemCounts);
  answerHalfClosed(fastify.server);
  // Values are opaque: no body is parsed, and no Content-Type judged, before a handler asks for the
  // bytes.
  for (const method of fastify.supportedMethods) {
    fastify.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  }
}

/** In this order. */
function gatesOf(settings: NodeSettings, limits: ClientLimits): Gate[] {
  const { rateLimitPerSecond: perSecond } = settings;
  return [
    httpVersionGate,
    headerFieldsGate,
    ...(perSecond > 0 ? [rateLimitGate(new RateLimit(settings), perSecond)] : []),
    limits.refuseWhenOverdrawn(),
    givenOnceGate,
    hostGate(settings),
    expectationGate,
  ];
}

const CLOSE_IDLE_EVERY_MS = 50;
/** How long requests in flight may take once the listener is closed. */
const FINISH_WITHIN_MS = 3000;
/** How long those who are told then that they took too long may take to hear it. */
const TOLD_WITHIN_MS = 500;
/** All of it. */
export const CLOSED_WITHIN_MS = FINISH_WITHIN_MS + TOLD_WITHIN_MS;

/**
 * Stops listening and lets requests in flight finish; keep-alive connections are closed as they
 * fall idle. After `graceMs` those are answered that have no answer yet, and then whatever is left
 * is cut. Upgraded sockets (peer links) belong to whoever took them.
 */
export async function closeHttpApp(app: NestFastifyApplication, graceMs = FINISH_WITHIN_MS): Promise<void> {
  const server = app.getHttpServer();
  const limits = app.get(ClientLimits);
  const counts = app.getHttpAdapter().getInstance().problemCounts;
  sayLast(limits.connections.lastOwed());
  const timers = [
    setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS),
    setTimeout(() => giveUpRequests(limits, counts), graceMs),
    setTimeout(() => server.closeAllConnections(), graceMs + TOLD_WITHIN_MS),
  ];
  try {
    await app.close();
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
