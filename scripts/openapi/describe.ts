// Describes the methods of controllers with the decorators of @nestjs/swagger, from outside. On the
// controllers themselves they would load Swagger into every node: 5 MB and a tenth of a second
// each, for texts that only the build reads.
import type { Type } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { PROBLEM_CODES, type ProblemCode } from '../../src/http/problem-codes';
import { PROBLEM_MEDIA_TYPE, problemBody } from '../../src/http/problem';

type SchemaObject = NonNullable<Parameters<typeof ApiHeader>[0]>['schema'] & object;

export interface RouteText {
  /** Unique, in camelCase: client generators name their functions by it. */
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  /** Problems worth telling apart; the rest is covered by `default`. */
  readonly problems?: readonly ProblemCode[];
  /** Parameters, bodies and answers that are no problems. */
  readonly parts: readonly MethodDecorator[];
}

export interface RouteGroup {
  readonly tag: string;
  /** The route takes any query, as pages do. */
  readonly anyQuery?: boolean;
}

/** What every route may answer. */
const ALWAYS: readonly ProblemCode[] = [
  'request-invalid',
  'expectation-failed',
  'host-refused',
  'headers-too-large',
  'rate-limited',
];

/** The compiler holds the names of `routes` to the controller's methods. */
export function describeRoutes<C extends object>(
  controller: Type<C>,
  { tag, anyQuery = false }: RouteGroup,
  routes: Readonly<Partial<Record<keyof C, RouteText>>>,
): void {
  const prototype = controller.prototype as object;
  for (const [name, text] of Object.entries(routes) as [string, RouteText][]) {
    const { id, summary, description, problems = [], parts } = text;
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    if (descriptor === undefined) throw new Error(`${controller.name} has no method ${name}`);
    const always = [...ALWAYS];
    if (!anyQuery) always.push('query-invalid');
    const decorators = [
      ApiTags(tag),
      ApiOperation({ operationId: id, summary, description }),
      ...parts,
      ...problemAnswers([...new Set([...problems, ...always])]),
    ];
    for (const decorate of decorators) decorate(prototype, name, descriptor);
  }
}

/** One answer for each status among the codes, with an example for each code. */
function problemAnswers(codes: readonly ProblemCode[]): MethodDecorator[] {
  const statuses = [...new Set(codes.map((code) => PROBLEM_CODES[code].status))];
  const told = statuses.map((status) => {
    const those = codes.filter((code) => PROBLEM_CODES[code].status === status);
    const description = those.map((code) => `${PROBLEM_CODES[code].title} (\`${code}\`).`).join(' ');
    return ApiResponse({
      status,
      description,
      content: problemContent(those),
      headers: headersNamed(...ON_PROBLEMS, ...headersOf(those)),
    });
  });
  const description = 'Any other problem; `internal` is a bug of the node.';
  const headers = headersNamed(...ON_PROBLEMS, 'Allow-If-Method', 'Retry-After-If-Time-Helps');
  const content = problemContent(['internal']);
  return [...told, ApiResponse({ status: 'default', description, headers, content })];
}

const ON_PROBLEMS = ['Cache-Control', 'X-Repram-Node', 'X-Repram-Cluster'];

/** Those that problems of one status have beside. */
function headersOf(codes: readonly ProblemCode[]): string[] {
  if (codes.includes('client-quota')) return ['Retry-After-If-Time-Helps'];
  if (codes.includes('precondition-failed')) return ['ETag-If-Known'];
  const { status } = PROBLEM_CODES[codes[0]];
  return status === 429 || status === 503 ? ['Retry-After'] : [];
}

function problemContent(codes: readonly ProblemCode[]) {
  const examples = codes.map((code) => {
    const { title } = PROBLEM_CODES[code];
    const value = JSON.parse(problemBody(code, `${title}: what was given and what is allowed.`)) as object;
    return [code, { summary: title, value }] as const;
  });
  return {
    [PROBLEM_MEDIA_TYPE]: { schema: schemaNamed('Problem'), examples: Object.fromEntries(examples) },
  };
}

export function schemaNamed(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

/** Of components.headers. */
export function headersNamed(...names: string[]): Record<string, { $ref: string }> {
  return Object.fromEntries(
    names.map((name) => [name.replace(/-If-.*/, ''), { $ref: `#/components/headers/${name}` }]),
  );
}

/** An answer whose body is one of SCHEMAS. */
export function jsonAnswer(
  status: number,
  description: string,
  schema: string,
  example: unknown,
): MethodDecorator {
  const content = { 'application/json': { schema: schemaNamed(schema), example } };
  return ApiResponse({ status, description, content, headers: headersNamed('Cache-Control') });
}

/** An answer of text, of one of the media types. */
export function textAnswer(
  status: number,
  description: string,
  { types, example, headers = [] }: TextAnswer,
): MethodDecorator {
  const body = { schema: { type: 'string' }, example };
  const content = Object.fromEntries(types.map((type) => [type, body]));
  return ApiResponse({ status, description, content, headers: headersNamed(...headers) });
}

interface TextAnswer {
  readonly types: readonly string[];
  readonly example: string;
  readonly headers?: readonly string[];
}

export function emptyAnswer(
  status: number,
  description: string,
  headers: readonly string[] = [],
): MethodDecorator {
  return ApiResponse({ status, description, headers: headersNamed(...headers) });
}

/** An optional query parameter. */
export function query(name: string, schema: SchemaObject, description = ''): MethodDecorator {
  return ApiQuery({ name, required: false, description, schema });
}

/** An optional request header. */
export function header(name: string, schema: SchemaObject, description = ''): MethodDecorator {
  return ApiHeader({ name, required: false, description, schema });
}
