// What a node process writes, line by line, on its way to the launcher's own output. Only the
// launcher writes there. So lines never tear, and no node ever waits for the reader.
import type { Readable } from 'node:stream';

export interface LineWriter {
  /** Whole lines. */
  write(lines: string): void;
}

/** A line that is longer than this is passed on in pieces. */
const LINE_LENGTH_MAX = 65_536;

export function relayLines(from: Readable, to: LineWriter): void {
  let unfinished = '';
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    const end = text.lastIndexOf('\n') + 1;
    if (end > 0) to.write(unfinished + text.slice(0, end));
    unfinished = end > 0 ? text.slice(end) : unfinished + text;
    if (unfinished.length <= LINE_LENGTH_MAX) return;
    to.write(`${unfinished}\n`);
    unfinished = '';
  });
  from.on('close', () => {
    if (unfinished !== '') to.write(`${unfinished}\n`);
  });
  // A pipe that breaks says nothing new: the process at its other end is gone.
  from.on('error', () => undefined);
}
