// Standard output and standard error as descriptors on which a write never waits. O_NONBLOCK
// belongs to the open file description (open(2)), which the parent, its shell and other programs
// share. So the output is opened once more where the system allows it, and the flag stays ours.
import { constants, fstatSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;

/**
 * @param fd 1 or 2. A file is returned as it is. All processes that write to it share one position,
 * and a disk makes none wait for a reader. A socket cannot be opened again. There the flag is set
 * on the shared description, as Node.js itself does for every stream, and taken back at the end.
 */
export function withoutWaiting(fd: 1 | 2): number {
  const kind = fstatSync(fd);
  if (!kind.isFIFO() && !kind.isSocket() && !isatty(fd)) return fd;
  try {
    return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    const stream = fd === 1 ? process.stdout : process.stderr;
    // A writer to the stream itself, as Node.js is with its warnings, must not end the process.
    stream.on('error', () => undefined);
    return fd;
  }
}
