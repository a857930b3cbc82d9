// Requests that a node which ends can wait for no longer. Whoever has been answered nothing yet is
// told so, because a connection that closes without a word may mean anything.
import { type Refusal, writeRefusal } from '../answer';
import type { ProblemCounts } from '../problem-counts';
import type { ClientLimits } from './client-limits';

export const UNFINISHED = {
  code: 'draining',
  detail: 'This node ends and cannot wait for the rest of this request; another port of the network answers.',
  retryAfterSeconds: 1,
  fields: ['connection', 'close'],
} as const satisfies Refusal;

/**
 * Answers what has no answer. A write whose body is here is left out: it is settled before long,
 * and it may have been stored.
 */
export function giveUpRequests({ transfers, connections }: ClientLimits, counts: ProblemCounts): void {
  transfers.giveUp();
  for (const response of connections.unanswered()) {
    if (response.req.method !== 'PUT') writeRefusal(response, UNFINISHED, counts);
  }
}
