// Answers as plain values, and the one function that writes them to Node.js. Who makes an answer so
// need not know which way its request came: through the router or ahead of it (./data-lane.ts).
import type { ServerResponse } from 'node:http';
import { EVERY_ANSWER } from './every-answer';
import { PROBLEM_CODES, type ProblemCode } from './problem-codes';
import type { ProblemCounts } from './problem-counts';
import { PROBLEM_MEDIA_TYPE, problemBody, type ProblemOptions } from './problem';

export interface Answer {
  readonly status: number;
  /**
   * Header lines, each with its line break, of values that this node makes itself: they are sent
   * unchecked.
   */
  readonly lines: string;
  /** A text has characters below 256 only. Null for an answer that has no body (304, HEAD). */
  readonly body: Uint8Array | string | null;
  /** Bytes that a GET would get, for a HEAD whose body is not at hand. */
  readonly withheldBytes?: number;
}

/** Why a request is not done. */
export interface Refusal extends ProblemOptions {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Fields beside those of every problem: name, value. */
  readonly fields?: readonly string[];
}

/** Bodies up to this size cost less as a part of one text than as a piece of their own. */
const JOINED_BYTES_MAX = 4096;
const NO_FIELDS: readonly string[] = [];
const LINE_END = '\r\n';

/** What Node.js keeps the head of an answer in, once it is made and until it is sent. */
interface ResponseWithHead extends ServerResponse {
  _header: string;
}

/** Lines that are the same in all answers of a kind, to be made once. */
export function headLines(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}${LINE_END}`)
    .join('');
}

/** Writes either. A problem is counted as well. */
export function write(response: ServerResponse, answer: Answer | Refusal, counts: ProblemCounts): void {
  if ('code' in answer) writeRefusal(response, answer, counts);
  else writeAnswer(response, answer);
}

export function writeRefusal(response: ServerResponse, refusal: Refusal, counts: ProblemCounts): void {
  counts.add(refusal.code);
  const { code, detail, instance, retryAfterSeconds, fields = [] } = refusal;
  const retry = retryAfterSeconds === undefined ? [] : ['retry-after', String(retryAfterSeconds)];
  const answer: Answer = {
    status: PROBLEM_CODES[code].status,
    lines: PROBLEM_LINES + counts.signatureLines,
    body: Buffer.from(problemBody(code, detail, instance)),
  };
  writeAnswer(response, answer, [...fields, ...retry]);
}

const PROBLEM_LINES = headLines({
  ...EVERY_ANSWER,
  'content-type': PROBLEM_MEDIA_TYPE,
  'cache-control': 'no-store',
});

/**
 * One write for head and body where the body is small. Node.js itself hands the head, the body and
 * an empty end to the kernel as three pieces, which costs as much as all else that it does.
 */
function writeAnswer(
  response: ServerResponse,
  { status, lines, body, withheldBytes }: Answer,
  fields: readonly string[] = NO_FIELDS,
): void {
  const length = body === null ? withheldBytes : body.length;
  const framed = length === undefined ? [...fields] : [...fields, 'content-length', String(length)];
  response.writeHead(status, framed);
  putLines(response as ResponseWithHead, lines);
  if (body === null) response.end();
  else if (body.length > JOINED_BYTES_MAX || response.req.method === 'HEAD') response.end(body);
  else {
    (response as ResponseWithHead)._header += typeof body === 'string' ? body : latin1(body);
    response.end();
  }
}

/** Puts the constant lines behind the status line. */
function putLines(response: ResponseWithHead, lines: string): void {
  const head = response._header;
  const end = head.indexOf(LINE_END) + LINE_END.length;
  response._header = head.slice(0, end) + lines + head.slice(end);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
