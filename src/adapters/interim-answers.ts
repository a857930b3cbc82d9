// Interim answers (1xx) are no bytes of an answer's body, so no bound of a body counts them. A
// stranger may send them without end, and each costs as much as an answer.
import type { ClientRequest } from 'node:http';

/** A proxy or two may say that they are at work. */
const INTERIM_MAX = 16;

/** Ends the request with ERR_TOO_LONG where more of them come. */
export function limitInterim(request: ClientRequest): void {
  let seen = 0;
  request.on('information', () => {
    seen += 1;
    if (seen > INTERIM_MAX) request.destroy(tooLong());
  });
}

export function tooLong(): NodeJS.ErrnoException {
  return Object.assign(new Error('the answer is too long'), { code: 'ERR_TOO_LONG' });
}
