// What is said while the servers that hold the values are out of reach.
import { ProblemException } from '../../http/problem';

export const AWAY_RETRY_SECONDS = 1;

export function storeAway(): ProblemException {
  return new ProblemException(
    'store-away',
    'The servers that hold the values do not answer this node; it goes on trying.',
    { retryAfterSeconds: AWAY_RETRY_SECONDS },
  );
}
