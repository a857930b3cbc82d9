// A terminal that is gone at the end: its window was closed, or the connection to it was lost.
// Node.js sets the modes of its terminals back as it exits, and aborts where it cannot. It passes
// over a descriptor that is another file by then.
import { closeSync, constants, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/** To be called once for a process, before anything else is loaded. */
export function outliveTerminal(): void {
  const terminals = [0, 1, 2].filter(isatty);
  process.on('exit', () => {
    for (const fd of terminals) if (!isatty(fd)) replace(fd);
  });
}

/** The system gives the lowest number that is free. */
function replace(fd: number): void {
  try {
    closeSync(fd);
    openSync('/dev/null', constants.O_RDWR);
  } catch {
    // Nothing is left to be done, and nobody to be told.
  }
}
