// How many header fields a request may have, and which ones only once. Node.js has a limit of its
// own, beyond which it drops fields without a word: a condition, a second Host, or the address that
// a proxy appended would be ignored, and the request done as if they had never been sent. So all
// are read, as many as fit the limit of their bytes, and too many are refused.
import type { Server } from 'node:http';
import type { RequestHead } from './exchange';
import type { Gate } from './gates';
import { givenText } from './given-text';

/**
 * Browsers send twenty or so, and each proxy on the way adds a handful; Node.js drops from 1,000
 * on, unless told not to.
 */
export const HEADER_FIELDS_MAX = 500;

export function readAllFields(server: Server): void {
  server.maxHeadersCount = 0;
}

export function hasTooManyFields({ rawHeaders }: RequestHead): boolean {
  return rawHeaders.length > 2 * HEADER_FIELDS_MAX;
}

export const TOO_MANY_FIELDS = `A request may have ${HEADER_FIELDS_MAX} header fields.`;

export const headerFieldsGate: Gate = (request) => {
  if (!hasTooManyFields(request)) return null;
  return { code: 'headers-too-large', detail: `${TOO_MANY_FIELDS} This one has ${fieldsOf(request)}.` };
};

/**
 * Headers that mean one thing, and whose readers could not tell two of them from one with a comma.
 * What others mean is judged by whoever reads them, and two of them are no such thing.
 */
const GIVEN_ONCE = ['Last-Event-ID', 'X-Repram-Key'].map((name) => ({ name, lowerName: name.toLowerCase() }));

export const givenOnceGate: Gate = (request) => {
  for (const { name, lowerName } of GIVEN_ONCE) {
    // Node.js joins several fields with a comma.
    const given = request.headers[lowerName];
    if (typeof given !== 'string' || !given.includes(',')) continue;
    const times = request.rawHeaders.filter((each, at) => at % 2 === 0 && each.toLowerCase() === lowerName);
    if (times.length > 1)
      return { code: 'request-invalid', detail: `${name} must be given once (given: ${givenText(given)}).` };
  }
  return null;
};

function fieldsOf({ rawHeaders }: RequestHead): number {
  return rawHeaders.length / 2;
}
