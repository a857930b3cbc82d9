// `Expect` (RFC 9110, 10.1.1). The go-ahead is given only once a request is understood. What is
// certain to be refused is refused before its body is sent. Node.js closes the connection after
// such an answer.
import type { Server } from 'node:http';
import type { OpenAnswer, RequestHead } from './exchange';
import type { Gate } from './gates';
import { givenText } from './given-text';
import { listed } from './list-field';

const CONTINUE = /^100-continue$/i;

/** Requests with an expectation become ordinary ones. Node.js would answer them by itself. */
export function takeExpectations(server: Server): void {
  for (const event of ['checkContinue', 'checkExpectation']) {
    server.on(event, (request, response) => server.emit('request', request, response));
  }
}

export const expectationGate: Gate = ({ headers: { expect } }) => {
  if (expect === undefined || listed(expect).every((each) => CONTINUE.test(each))) return null;
  const detail = `The only expectation that is met here is 100-continue (given: ${givenText(expect)}).`;
  return { code: 'expectation-failed', detail };
};

/** Tells the client to send the body it holds back; undefined when it holds back none. */
export function goAhead(request: RequestHead, response: OpenAnswer): (() => void) | undefined {
  const { expect } = request.headers;
  // A client of HTTP/1.0 knows no interim answers.
  if (expect === undefined || request.httpVersionMinor === 0) return undefined;
  if (listed(expect).length === 0) return undefined;
  return () => response.writeContinue();
}
