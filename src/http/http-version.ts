// Which versions of HTTP are spoken here. Node.js's parser takes some that are not, and would have
// them answered as if they were HTTP/1.1: a request line of HTTP/2.0, and one without a version.
import type { RequestHead } from './exchange';
import type { Gate } from './gates';
import type { SocketProblem } from './socket-problem';

const RULE = 'HTTP/1.1 and HTTP/1.0 are spoken here';

/** What the parser says of a version that is well formed and that it does not take. */
const UNKNOWN_TO_PARSER: ReadonlySet<string | undefined> = new Set([
  'Invalid HTTP version',
  'Expected HTTP/2 Connection Preface',
]);

/** HTTP/1.1 or HTTP/1.0. */
export function isSpoken({ httpVersionMajor, httpVersionMinor }: RequestHead): boolean {
  return httpVersionMajor === 1 && httpVersionMinor <= 1;
}

export function unspoken({ httpVersion }: RequestHead): SocketProblem {
  return { code: 'http-version-unsupported', detail: `${RULE}, and HTTP/${httpVersion} is not.` };
}

/** The connection ends behind the answer: what follows on it is of no known form. */
export const httpVersionGate: Gate = (request) =>
  isSpoken(request) ? null : { ...unspoken(request), fields: ['connection', 'close'] };

/** Null for an error of the parser about something else. */
export function unspokenToParser(code?: string, reason?: string): SocketProblem | null {
  const isVersion = code === 'HPE_INVALID_VERSION' && UNKNOWN_TO_PARSER.has(reason);
  if (!isVersion && code !== 'HPE_PAUSED_H2_UPGRADE') return null;
  return { code: 'http-version-unsupported', detail: `${RULE}, and what was asked with is not.` };
}
