// For how long a read waits for its key: `wait`, in seconds.
import { givenText } from '../../http/given-text';
import { DECIMAL } from './ttl';

/** Gateways wait about as long for an answer to begin. */
export const WAIT_SECONDS_MAX = 25;

/** Milliseconds; null for what is no time that a read may wait. */
export function readWaitMs(given: string): number | null {
  const seconds = DECIMAL.test(given) ? Number(given) : -1;
  return seconds < 0 || seconds > WAIT_SECONDS_MAX ? null : seconds * 1000;
}

export function waitRule(given = ''): string {
  return `wait must be seconds from 0 to ${WAIT_SECONDS_MAX} (given: ${givenText(given)}).`;
}
