// What a client is told of something that was thrown on the way to its answer. Everything expected
// has a code. The rest is a bug: it is logged with a reference, and the client learns the reference
// and nothing else.
import { randomUUID } from 'node:crypto';
import type { Log } from '../adapters/log';
import type { Refusal } from './answer';
import { ProblemException } from './problem';

const RETRY_AFTER_SECONDS = 5;

/** @param where of the request, for the log */
export function failureRefusal(
  thrown: unknown,
  where: { readonly method: string | undefined; readonly route: string | null },
  log: Log,
): Refusal {
  if (thrown instanceof ProblemException) {
    return { ...thrown.options, code: thrown.code, detail: thrown.detail };
  }
  if (isExhausted(thrown)) {
    const detail = 'No descriptor is left to open a file with: too many connections.';
    return { code: 'busy', detail, retryAfterSeconds: RETRY_AFTER_SECONDS };
  }
  const instance = `urn:uuid:${randomUUID()}`;
  const error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  log.error('request-failed', { instance, ...where, error });
  return { code: 'internal', detail: `The log of this node tells more under ${instance}.`, instance };
}

/** The process or the machine has as many files and sockets open as it may. */
function isExhausted(thrown: unknown): boolean {
  const code = (thrown as NodeJS.ErrnoException | null | undefined)?.code;
  return code === 'EMFILE' || code === 'ENFILE';
}
