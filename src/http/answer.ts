// Answers as plain values, and the one function that writes them to Node.js. Who makes an answer so
// need not know which way its request came: through the router or ahead of it (./data-lane.ts).
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { PlainResponse } from './plain/plain-response';
import { PROBLEM_CODES, type ProblemCode } from './problem-codes';
import type { ProblemCounts } from './problem-counts';
import { PROBLEM_LINES, problemBody, type ProblemOptions } from './problem';

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

/** What Node.js keeps of an answer and of its connection, and leaves out of its types. */
interface ResponseWithHead extends ServerResponse {
  /** The head, once it is made and until it is sent. */
  _header: string;
  _headerSent: boolean;
  _keepAliveTimeout: number;
  maxRequestsOnConnectionReached?: boolean;
}

/** What Node.js puts at the end of a head: the same for all plain answers of a second. */
const headEnd = { second: 0, keepAliveTimeout: -1, text: '' };

/** What an answer is written to. */
export type AnswerTarget = ServerResponse | PlainResponse;

/** Writes either. A problem is counted as well. */
export function write(response: AnswerTarget, answer: Answer | Refusal, counts: ProblemCounts): void {
  if ('code' in answer) writeRefusal(response, answer, counts);
  else writeAnswer(response, answer);
}

export function writeRefusal(response: AnswerTarget, refusal: Refusal, counts: ProblemCounts): void {
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

/**
 * One write for head and body where the body is small. Node.js itself hands the head, the body and
 * an empty end to the kernel as three pieces, which costs as much as all else that it does.
 */
function writeAnswer(
  response: AnswerTarget,
  { status, lines, body, withheldBytes }: Answer,
  fields: readonly string[] = NO_FIELDS,
): void {
  if (response instanceof PlainResponse) {
    if (body === null) throw new Error('A plain request is always answered with a body.');
    response.send({ status, lines: lines + linesOf(fields), body, isLast: fields.includes('close') });
    return;
  }
  const length = body === null ? withheldBytes : body.length;
  putHead(response as ResponseWithHead, { status, lines, length, fields });
  if (body === null) response.end();
  else if (body.length > JOINED_BYTES_MAX || response.req.method === 'HEAD') response.end(body);
  else {
    (response as ResponseWithHead)._header += typeof body === 'string' ? body : latin1(body);
    response.end();
  }
}

/** Names and values in turns. */
function linesOf(fields: readonly string[]): string {
  let lines = '';
  for (let at = 0; at < fields.length; at += 2) lines += `${fields[at]}: ${fields[at + 1]}${LINE_END}`;
  return lines;
}

interface Head {
  readonly status: number;
  readonly lines: string;
  readonly length: number | undefined;
  readonly fields: readonly string[];
}

/** The constant lines stand behind the status line, in front of what Node.js adds. */
function putHead(response: ResponseWithHead, head: Head): void {
  const { status, lines, length, fields } = head;
  const second = Math.floor(Date.now() / 1000);
  const isKnown = headEnd.second === second && headEnd.keepAliveTimeout === response._keepAliveTimeout;
  if (isKnown && isPlain(response, head)) {
    response.statusCode = status;
    response._header = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}content-length: ${length}\r\n${headEnd.text}`;
    response._headerSent = false;
    return;
  }
  const framed = length === undefined ? [...fields] : [...fields, 'content-length', String(length)];
  response.writeHead(status, framed);
  const made = response._header;
  const statusEnd = made.indexOf(LINE_END) + LINE_END.length;
  response._header = made.slice(0, statusEnd) + lines + made.slice(statusEnd);
  if (isPlain(response, head)) noteHeadEnd(response, made, second);
}

/**
 * Whether Node.js would put the same at the end of the head as for any other such answer. To have
 * it made anew for each is a good part of what a small read costs beside the kernel's work.
 */
function isPlain(response: ResponseWithHead, { status, length, fields }: Head): boolean {
  return (
    status < 300 &&
    length !== undefined &&
    fields.length === 0 &&
    response.shouldKeepAlive &&
    response.maxRequestsOnConnectionReached !== true &&
    response.req.headers.expect === undefined
  );
}

/** Node.js renews its own date late where the loop is busy, so that is not taken over. */
function noteHeadEnd({ _keepAliveTimeout }: ResponseWithHead, made: string, second: number): void {
  const date = `Date: ${new Date(second * 1000).toUTCString()}${LINE_END}`;
  headEnd.second = second;
  headEnd.keepAliveTimeout = _keepAliveTimeout;
  headEnd.text = date + made.slice(made.indexOf('Connection: '));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
