// Request targets as they came over the wire. Keys are taken from here and not from the router. The
// router decodes twice-meaningful characters, limits lengths and refuses what is not decodable,
// while a key is any percent-encoded UTF-8. For the router every data target becomes one fixed
// path, so nothing a client writes can upset it.
import type { RequestHead } from './exchange';

/** What Fastify adds to a request whose target was rewritten. */
interface RewrittenMessage extends RequestHead {
  readonly originalUrl?: string;
}

const SLASH = 47;
const DATA_ROUTE = '/data/-';
const V1 = '/v1';
const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

/** The target in origin-form: absolute-form (RFC 9112, 3.2.2) loses its scheme and authority. */
export function originForm(target: string): string {
  if (target.charCodeAt(0) === SLASH) return target;
  const path = target.replace(ABSOLUTE_FORM, '');
  return path === target || path.startsWith('/') ? path : `/${path}`;
}

/** What the router sees in place of `target`. */
export function routedTarget(target: string): string {
  const origin = originForm(target);
  const prefix = origin.startsWith(`${V1}/data`) ? V1 : '';
  if (!origin.startsWith('/data', prefix.length)) return origin;
  const next = origin.charAt(prefix.length + '/data'.length);
  return next === '' || next === '/' || next === '?' ? prefix + DATA_ROUTE : origin;
}

/** The target the client sent, in origin-form. */
export function sentTarget(message: RequestHead): string {
  return originForm((message as RewrittenMessage).originalUrl ?? message.url ?? '/');
}

export interface DataTarget {
  /** Still percent-encoded; empty when the path names no key. */
  readonly encodedKey: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
}

/**
 * Splits `/data/{key}?{query}`, or the same below /v1. What precedes the key may be written in any
 * encoding the router understands.
 */
export function splitDataTarget(target: string): DataTarget {
  const question = target.indexOf('?');
  const path = question === -1 ? target : target.slice(0, question);
  const firstEnd = path.indexOf('/', 1);
  const keyStart = isV1(path, firstEnd) ? path.indexOf('/', firstEnd + 1) : firstEnd;
  return {
    encodedKey: keyStart === -1 ? '' : path.slice(keyStart + 1),
    query: question === -1 ? '' : target.slice(question + 1),
  };
}

/** Whether the first segment, which ends at `end`, says v1. */
function isV1(path: string, end: number): boolean {
  if (end === -1 || path.startsWith('/data/')) return false;
  return path.startsWith('/v1/') || decodeURIComponent(path.slice(1, end)) === 'v1';
}
