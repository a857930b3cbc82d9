// Whether somebody still reads a stream whose client has closed its half of the connection. One
// that has gone and one that reads on look the same until something is sent to them. So they are
// sent comments: at the first the machine of a client that has gone says so, and the next finds the
// connection broken.
import type { ServerResponse } from 'node:http';
import { whenHalfClosed } from '../../http/half-closed';

/** The second comment; each further one comes after twice the time of the one before. */
const FIRST_MS = 250;

/** @param untilMs a quiet stream gets a comment as often anyway */
export function watchReader(response: ServerResponse, comment: () => void, untilMs: number): void {
  let next: NodeJS.Timeout | undefined;
  const look = (waitMs: number): void => {
    comment();
    if (waitMs < untilMs) next = setTimeout(() => look(2 * waitMs), waitMs);
  };
  const ignore = whenHalfClosed(response.req.socket, () => look(FIRST_MS));
  response.once('close', () => {
    ignore();
    clearTimeout(next);
  });
}
