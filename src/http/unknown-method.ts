// Requests whose method Node.js's parser does not know, and that are well formed beside. They are
// answered as those with a method that it knows and a path does not offer.
import type { AllowedMethods } from './allowed-methods';
import { routedTarget } from './request-target';
import type { SocketProblem } from './socket-problem';

/** What the parser says where it stumbles. */
export interface ParseError {
  readonly code?: string;
  /** In the parser's words. */
  readonly reason?: string;
  /** What was being parsed. */
  readonly rawPacket?: Buffer;
  /** Bytes of it before the one that is wrong. */
  readonly bytesParsed?: number;
}

/** A longer line is not looked at. */
const LINE_BYTES_MAX = 8192;
const METHOD_BYTES_MAX = 64;
const METHOD_END = /[-!#$%&'*+.^_`|~\dA-Z]*$/;
const REQUEST_LINE = /^[A-Z][-!#$%&'*+.^_`|~\dA-Z]* ([^ ]+) HTTP\/1\.[01]\r\n/;

/** Null for anything else. */
export function unknownMethod(error: ParseError, allowed: AllowedMethods): SocketProblem | null {
  const { code, rawPacket, bytesParsed = 0 } = error;
  if (code !== 'HPE_INVALID_METHOD' || rawPacket === undefined) return null;
  const before = rawPacket.toString('latin1', Math.max(0, bytesParsed - METHOD_BYTES_MAX), bytesParsed);
  const start = METHOD_END.exec(before)?.[0] ?? '';
  const line = start + rawPacket.toString('latin1', bytesParsed, bytesParsed + LINE_BYTES_MAX);
  const target = REQUEST_LINE.exec(line)?.[1];
  if (target === undefined) return null;
  const methods = allowed.of(routedTarget(target).replace(/\?.*/, ''));
  return methods === null
    ? { code: 'not-found', detail: 'GET /openapi.json lists what this node serves.' }
    : {
        code: 'method-not-allowed',
        detail: `This path offers ${methods}.`,
        headers: `Allow: ${methods}\r\n`,
      };
}
