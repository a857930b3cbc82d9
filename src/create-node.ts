// Builds the HTTP side of one node: a Nest application on Fastify around the node's parts. Processes and tests use the
// same function; nothing in it is shared between the nodes of one process.
import 'reflect-metadata';
import { setInterval, clearInterval } from 'node:timers';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module';
import { AllowedMethods } from './http/allowed-methods';
import { answerHeaders } from './http/answer-headers';
import { BodyBudget, bodyBudgetBytes } from './http/body-budget';
import { BodyReader } from './http/body-reader';
import { fastifyOptions } from './http/fastify-options';
import { ProblemFilter } from './http/problem.filter';
import type { NodeParts } from './runtime/runtime.module';

/**
 * The application, initialized and not yet listening: call `listen(port, address)`, again with another port when it
 * rejects with EADDRINUSE. Discovery sources start submitting candidates before this resolves.
 */
export async function createHttpApp(parts: NodeParts): Promise<NestFastifyApplication> {
  const allowed = new AllowedMethods();
  const adapter = new FastifyAdapter({ ...fastifyOptions(parts.settings), skipMiddie: true });
  configureFastify(adapter, parts, allowed);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forNode(parts), adapter, {
    // Nest's logger is one for the whole process; nodes log through their own parts.log.
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });
  app.useGlobalFilters(new ProblemFilter(parts.log, allowed));
  await app.init();
  return app;
}

function configureFastify(adapter: FastifyAdapter, { settings }: NodeParts, allowed: AllowedMethods): void {
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', ({ url, method }) => allowed.add(url, method));
  fastify.addHook('onRequest', answerHeaders(allowed));
  fastify.removeAllContentTypeParsers();
  const { storageBytesMax, valueBytesMax } = settings;
  const budget = new BodyBudget(bodyBudgetBytes(storageBytesMax, valueBytesMax));
  const bodies = new BodyReader(valueBytesMax, budget);
  for (const type of ['application/octet-stream', '*']) {
    fastify.addContentTypeParser(type, (request, payload, done) => {
      if (request.is404) done(null);
      else bodies.receive(payload, (body) => done(null, body));
    });
  }
}

const CLOSE_IDLE_EVERY_MS = 50;

/**
 * Stops listening and lets requests in flight finish; keep-alive connections are closed as they fall idle, and after
 * `graceMs` whatever is left is cut. Upgraded sockets (peer links) belong to whoever took them.
 */
export async function closeHttpApp(app: NestFastifyApplication, graceMs = 3000): Promise<void> {
  const server = app.getHttpServer();
  const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(cut);
  }
}
