// Answers as plain values, and the one function that writes them to Node.js. Who makes an answer so
// need not know which way its request came: through the router or ahead of it (./data-lane.ts).
import type { ServerResponse } from 'node:http';
import { EVERY_ANSWER } from './answer-headers';
import { PROBLEM_CODES, type ProblemCode } from './problem-codes';
import type { ProblemCounts } from './problem-counts';
import { PROBLEM_MEDIA_TYPE, problemBody, type ProblemOptions } from './problem';

export interface Answer {
  readonly status: number;
  /** Name, value, name, value. Without what the connection needs, and the length of the body. */
  readonly fields: readonly string[];
  /** Null for an answer that has none (304). */
  readonly body: Uint8Array | null;
}

/** Why a request is not done. */
export interface Refusal extends ProblemOptions {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Fields beside those of every problem: name, value. */
  readonly fields?: readonly string[];
}

/** Name, value, name, value. */
export const EVERY_ANSWER_FIELDS: readonly string[] = Object.entries(EVERY_ANSWER).flat();

function writeAnswer(response: ServerResponse, { status, fields, body }: Answer): void {
  if (body === null) {
    response.writeHead(status, fields as string[]).end();
    return;
  }
  response.writeHead(status, [...fields, 'content-length', String(body.byteLength)]).end(body);
}

/** Writes either. A problem is counted as well. */
export function write(response: ServerResponse, answer: Answer | Refusal, counts: ProblemCounts): void {
  if ('code' in answer) writeRefusal(response, answer, counts);
  else writeAnswer(response, answer);
}

export function writeRefusal(response: ServerResponse, refusal: Refusal, counts: ProblemCounts): void {
  counts.add(refusal.code);
  writeAnswer(response, refusalAnswer(refusal, counts));
}

function refusalAnswer(refusal: Refusal, { signature }: ProblemCounts): Answer {
  const { code, detail, instance, retryAfterSeconds, fields = [] } = refusal;
  const common = ['content-type', PROBLEM_MEDIA_TYPE, 'cache-control', 'no-store'];
  const retry = retryAfterSeconds === undefined ? [] : ['retry-after', String(retryAfterSeconds)];
  return {
    status: PROBLEM_CODES[code].status,
    fields: [...EVERY_ANSWER_FIELDS, ...fields, ...common, ...Object.entries(signature ?? {}).flat(), ...retry],
    body: Buffer.from(problemBody(code, detail, instance)),
  };
}
