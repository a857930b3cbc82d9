// Whether the client of an answer that takes long is still there. One that has hung up and one that
// has closed its half and still reads look the same until something is sent to them. So they are
// sent interim answers (RFC 9110, 15.2). At the first the machine of a client that has hung up says
// so, and the next finds the connection broken. A client of HTTP/1.0 knows no such answers, and
// counts as one that reads.
import type { OpenAnswer } from './exchange';
import { whenHalfClosed } from './half-closed';

/** Whether a client that has closed its half is still there. */
const LOOK_EVERY_MS = 250;

/** Aborts when the connection closes before the answer was sent whole, or after. */
export function hangUp(response: OpenAnswer): AbortSignal {
  const gone = new AbortController();
  const { socket, httpVersion } = response.req;
  let looks: NodeJS.Timeout | undefined;
  const look = (): void => {
    // Before its turn it would come out behind the head: Node.js keeps it with the body.
    if (!response.headersSent && response.socket !== null) response.writeProcessing();
  };
  const begin = (): void => {
    if (httpVersion === '1.0') return;
    look();
    looks = setInterval(look, LOOK_EVERY_MS);
  };
  const ignore = whenHalfClosed(socket, begin);
  response.once('close', () => {
    ignore();
    clearInterval(looks);
    gone.abort();
  });
  return gone.signal;
}
