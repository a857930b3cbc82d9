// The OpenAPI 3.1 document of a node. @nestjs/swagger finds the routes in the modules, none of
// which is started; what it leaves in the manner of 3.0, or cannot know, is put right here.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from '../../src/app.module';
import type { ClientLimits } from '../../src/http/limits/client-limits';
import { ProblemCounts } from '../../src/http/problem-counts';
import { readRelease } from '../../src/runtime/release';
import type { NodeParts } from '../../src/runtime/runtime.module';
import { describeData } from './data-routes';
import { describeEvents } from './event-routes';
import { EVERY_ANSWER, HEADERS } from './headers';
import { describeOperation, describeV1 } from './operation-routes';
import { describePages } from './page-routes';
import { SCHEMAS } from './schemas';

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  parameters: { name: string; in: string }[];
  responses: Record<string, { content?: object; headers?: object }>;
}
type Path = Record<string, Operation>;

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Path>>;
  readonly components: { readonly schemas: object; readonly headers: object };
  /** Headers that all answers have: to say so of each would double the document. */
  readonly 'x-every-answer': object;
  /** Nothing asks for credentials. */
  readonly security: readonly [];
}

const DESCRIPTION =
  'A network of equal nodes that keep opaque values in memory for a time-to-live, replicate them and forget them. ' +
  'Every node answers alike, on one port each. Every path that answers GET answers HEAD too. ' +
  'All answers have the headers of `x-every-answer`.';

export async function openApiDocument(): Promise<OpenApiDocument> {
  describeData();
  describeOperation();
  describeEvents();
  describeV1();
  describePages();
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.1')
    .setTitle('REPRAM')
    .setDescription(DESCRIPTION)
    .setVersion(readRelease())
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer('/', 'The node that answers')
    .addTag('data', 'Values by key')
    .addTag('events', 'What changes, as it happens')
    .addTag('operation', 'Health, status and peers')
    .addTag('v1', 'The same for clients of REPRAM v2')
    .addTag('pages', 'What browsers load');
  // In preview mode nothing is instantiated, so no part of a node is needed.
  const modules = AppModule.forNode({} as NodeParts, new ProblemCounts(), {} as ClientLimits);
  const app = await NestFactory.create(modules, new FastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  const found = SwaggerModule.createDocument(app, builder.build(), { autoTagControllers: false });
  const paths = Object.entries(found.paths as unknown as Record<string, Path>).map(
    ([path, operations]) => [path.replace('{path}', '{key}'), finished(path, operations)] as const,
  );
  return {
    ...found,
    paths: Object.fromEntries(paths),
    components: { schemas: SCHEMAS, headers: HEADERS },
    'x-every-answer': EVERY_ANSWER,
    security: [],
  };
}

function finished(path: string, operations: Path): Path {
  const isV1 = path.startsWith('/v1/');
  for (const operation of Object.values(operations)) {
    // `responses` of an undescribed method would be a bare 200: such a route fails the build.
    if (!('default' in operation.responses)) throw new Error(`${path} is not described in scripts/openapi`);
    if (isV1) {
      operation.tags = ['v1'];
      operation.operationId = `v1${operation.operationId.charAt(0).toUpperCase()}${operation.operationId.slice(1)}`;
    }
  }
  const { get } = operations;
  return { ...operations, head: headOf(get) };
}

/**
 * The same answers without bodies; but what refuses too large headers does not know the method yet,
 * and sends one.
 */
function headOf(get: Operation): Operation {
  const responses = Object.entries(get.responses)
    .filter(([status]) => status !== '431')
    .map(([status, { content: _content, ...rest }]) => [status, rest] as const);
  return {
    ...get,
    operationId: `${get.operationId}Head`,
    summary: `${get.summary}: the head of the answer alone`,
    responses: Object.fromEntries(responses),
  };
}
