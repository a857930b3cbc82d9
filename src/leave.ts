// The end of a node process. process.exit() waits for the threads of libuv's pool, and a lookup of
// a name in a resolver that does not answer keeps one for half a minute; the system cannot call it
// back.

/**
 * What getActiveResourcesInfo() calls work in the pool that may take for ever: lookups and files.
 */
const POOL_WORK = /^(GetAddrInfo|GetNameInfo|FSReq)/;
const POOL_EMPTY_WITHIN_MS = 300;
const LOOK_EVERY_MS = 20;

/** Ends with `code`; where a thread of the pool is stuck, as if SIGTERM had never been heard. */
export function leave(code: number): void {
  const deadlineMs = performance.now() + POOL_EMPTY_WITHIN_MS;
  const look = (): void => {
    if (!isPoolBusy()) process.exit(code);
    if (performance.now() < deadlineMs) setTimeout(look, LOOK_EVERY_MS);
    else endAtOnce(code);
  };
  look();
}

function isPoolBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => POOL_WORK.test(name));
}

function endAtOnce(code: number): void {
  process.emit('exit', code);
  process.removeAllListeners('SIGTERM');
  process.kill(process.pid, 'SIGTERM');
  // Only process 1 of a container comes this far: its thread is waited for.
  process.exit(code);
}
