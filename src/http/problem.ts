// Error answers: application/problem+json (RFC 9457) with a stable `code` beside the standard
// members. Handlers call `sendProblem`. Where Nest only lets code throw (pipes), it throws a
// `ProblemException`, and the filter gives the same answer.
import type { FastifyReply } from 'fastify';
import { EVERY_ANSWER, EXPOSED_ON_PROBLEMS } from './every-answer';
import { headLines } from './head-lines';
import { PROBLEM_CODES, type ProblemCode } from './problem-codes';
import type {} from './problem-counts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Of every problem, who answers apart. */
const EVERY_PROBLEM = {
  ...EVERY_ANSWER,
  'access-control-expose-headers': EXPOSED_ON_PROBLEMS,
  'content-type': PROBLEM_MEDIA_TYPE,
  'cache-control': 'no-store',
};
export const PROBLEM_LINES = headLines(EVERY_PROBLEM);

export interface ProblemOptions {
  /** Whole seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
  /** URI of this one occurrence (RFC 9457, 3.1.5), for finding it in the log. */
  readonly instance?: string;
}

/** An error answer that had to be thrown. */
export class ProblemException extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(detail);
  }
}

/** The JSON text of a problem; `type` is a name, not an address, so it never goes stale. */
export function problemBody(code: ProblemCode, detail: string, instance?: string): string {
  const { status, title } = PROBLEM_CODES[code];
  return JSON.stringify({ type: `urn:repram:problem:${code}`, title, status, detail, code, instance });
}

export function sendProblem(
  reply: FastifyReply,
  code: ProblemCode,
  detail: string,
  options: ProblemOptions = {},
): void {
  reply.server.problemCounts.add(code);
  reply
    .code(PROBLEM_CODES[code].status)
    .headers({ ...EVERY_PROBLEM, ...reply.server.problemCounts.signature });
  if (options.retryAfterSeconds !== undefined) reply.header('retry-after', options.retryAfterSeconds);
  // Bytes, because Fastify adds a charset to the type of text, which JSON does not have.
  reply.send(Buffer.from(problemBody(code, detail, options.instance)));
}
