// Places for reads that wait for a key. A client has as many of them as connections, and these have
// a limit. Only what is asked for behind another answer on its connection has none: a thousand such
// requests come in one packet. So they get a share of the places, and the rest is left to those
// whose turn it is.
import type { PendingAnswer } from '../exchange';

const IN_LINE_SHARE = 1 / 4;

/** Places that may be taken when this answer takes one. */
export function placesFor({ socket }: Pick<PendingAnswer, 'socket'>, max: number): number {
  return socket === null ? Math.ceil(max * IN_LINE_SHARE) : max;
}
