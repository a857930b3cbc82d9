// The document as the build makes it, and a judge that holds real answers to it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';

export const ROOT = join(__dirname, '../../..');
export const DOCUMENT_PATH = join(ROOT, 'dist', 'openapi.json');

type Schema = Record<string, unknown>;
type Content = Readonly<Record<string, { readonly schema: Schema } | undefined>>;
interface Header {
  readonly $ref: string;
}
interface Response {
  readonly content?: Content;
  readonly headers?: Readonly<Record<string, Header>>;
}
export interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Response | undefined>>;
}
export interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation | undefined>>>>;
  /** Headers that all answers have. */
  readonly [OF_ALL]: Readonly<Record<string, object>>;
}

/** The others are for the browser itself. */
const TELLING = /^(etag|retry-after|allow|x-(?!accel-buffering|content-type-options).*)$/;

const OF_ALL = 'x-every-answer';

/** What HTTP itself needs, and the type, which the document says with the body. */
const FRAMING = ['content-type', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'date'];

/** What a node answered, as far as the document speaks of it. */
export interface Given {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** Runs the build's own script, so that a test never sees the document of an earlier source. */
export function generateDocument(): Document {
  const args = [join(ROOT, 'scripts', 'run-ts.cjs'), join(ROOT, 'scripts', 'openapi.ts'), DOCUMENT_PATH];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the document could not be generated:\n${stderr}`);
  return JSON.parse(readFileSync(DOCUMENT_PATH, 'utf8')) as Document;
}

/**
 * "GET /keys 200" for each answer that the document promises; what `default` covers is not listed.
 */
export function promisedAnswers({ paths }: Document): string[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) =>
      Object.keys(operation?.responses ?? {})
        .filter((status) => status !== 'default')
        .map((status) => `${method.toUpperCase()} ${path} ${status}`),
    ),
  );
}

export class AnswerJudge {
  private readonly ajv = new Ajv2020({ allErrors: true, validateSchema: false });
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(private readonly document: Document) {
    this.ajv.addFormat('date-time', (text: string) => new Date(text).toISOString() === text);
    this.ajv.addFormat('uri', URL.canParse);
    this.ajv.addVocabulary(Object.keys(document));
    this.ajv.addSchema(closed(document) as Schema, 'openapi');
  }

  /** What is wrong about an answer; empty when the document describes it wholly. */
  problems(method: string, path: string, given: Given): string[] {
    const at = ['paths', path, method.toLowerCase(), 'responses'];
    const responses = this.document.paths[path][method.toLowerCase()]?.responses ?? {};
    const status = String(given.status) in responses ? String(given.status) : 'default';
    const response = responses[status];
    if (response === undefined) return [`status ${given.status} is not described`];
    return [
      ...this.headerProblems(response, given),
      ...this.bodyProblems([...at, status, 'content'], response.content ?? {}, given, method),
    ];
  }

  private headerProblems({ headers = {} }: Response, given: Given): string[] {
    const declared: Readonly<Record<string, readonly string[]>> = {
      ...mapped(this.document[OF_ALL], (name) => [OF_ALL, name]),
      ...mapped(headers, (name) => headers[name].$ref.split('/').slice(1)),
    };
    const known = new Set([...FRAMING, ...Object.keys(declared).map((name) => name.toLowerCase())]);
    const strange = Object.keys(given.headers).filter((name) => !known.has(name));
    return [
      ...Object.entries(declared).flatMap(([name, pointer]) => this.headerProblem(name, pointer, given)),
      ...strange.map((name) => `${name} is not described`),
      ...hidden(given.headers).map((name) => `${name} is hidden from pages`),
    ];
  }

  private headerProblem(name: string, pointer: readonly string[], given: Given): string[] {
    const { required, schema } = pointer.reduce<unknown>(
      (part, key) => (part as Schema)[key],
      this.document,
    ) as { readonly required?: boolean; readonly schema: Schema };
    const text = given.headers[name.toLowerCase()];
    if (text === undefined) return required === true ? [`${name} is missing`] : [];
    return this.validate([...pointer, 'schema'], schema.type === 'integer' ? Number(text) : text).map(
      (what) => `${name} ${what}`,
    );
  }

  private bodyProblems(at: readonly string[], content: Content, given: Given, method: string): string[] {
    const mediaType = String(given.headers['content-type'] ?? '').split(';', 1)[0];
    const known = Object.keys(content);
    if (known.length === 0) {
      return given.body.length > 0 ? [`a body of ${given.body.length} bytes is not described`] : [];
    }
    if (!known.includes(mediaType)) return [`${mediaType} is none of ${known.join(', ')}`];
    if (method === 'HEAD') return [];
    const value: unknown = mediaType.endsWith('json')
      ? JSON.parse(given.body.toString())
      : given.body.toString();
    return this.validate([...at, mediaType, 'schema'], value);
  }

  private validate(pointer: readonly string[], value: unknown): string[] {
    const $ref = `openapi#/${pointer.map((part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')}`;
    const check = this.compiled.get($ref) ?? this.ajv.compile({ $ref });
    this.compiled.set($ref, check);
    return check(value)
      ? []
      : (check.errors ?? []).map((each) => `${each.instancePath} ${each.message ?? ''}`);
  }
}

/**
 * A copy in which objects have no members but the described ones, unless the document says
 * otherwise.
 */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (part === null || typeof part !== 'object') return part;
  const copy = Object.fromEntries(Object.entries(part).map(([name, each]) => [name, closed(each)]));
  const isOpen = copy.type !== 'object' || !('properties' in copy) || 'additionalProperties' in copy;
  return isOpen ? copy : { ...copy, additionalProperties: false };
}

/** Headers that say something to programs, and that pages of other origins may not read. */
function hidden(headers: Given['headers']): string[] {
  const shown = String(headers['access-control-expose-headers']).toLowerCase().split(', ');
  return Object.keys(headers).filter((name) => TELLING.test(name) && !shown.includes(name));
}

function mapped<T>(parts: Readonly<Record<string, unknown>>, change: (name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.keys(parts).map((name) => [name, change(name)]));
}
