// An end to what is waited for. `AbortSignal.any` holds its signals weakly in Node.js, and
// `AbortSignal.timeout` is held by nobody else: a collection of garbage takes it away, and the
// limit never comes.

import { setMaxListeners } from 'node:events';

/**
 * Aborts when `stop` does, or after so many milliseconds with a `TimeoutError`. It keeps no process
 * running.
 */
export function withinTime(limitMs: number, stop?: AbortSignal): AbortSignal {
  const limit = new AbortController();
  const end = (reason: unknown): void => {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
    limit.abort(reason);
  };
  const onStop = (): void => end(stop?.reason);
  const timer = setTimeout(() => end(new DOMException('It took too long.', 'TimeoutError')), limitMs);
  timer.unref();
  if (stop?.aborted === true) onStop();
  else if (stop !== undefined) {
    // All that a program waits for may end with it: ten at once are no leak.
    setMaxListeners(0, stop);
    stop.addEventListener('abort', onStop, { once: true });
  }
  return limit.signal;
}
