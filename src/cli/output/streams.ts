// Where a command writes. A reader that is gone (`| head`) ends the command quietly. An output that
// takes nothing more (a full disk) ends it with a sentence.
import { isatty } from 'node:tty';
import { EXIT_CODES } from '../exit-codes';

export interface Streams {
  /** Resolves when the output can take more. */
  readonly write: (chunk: string | Uint8Array) => Promise<void>;
  /** The same to standard error. */
  readonly writeError: (chunk: Uint8Array) => Promise<void>;
  readonly note: (text: string) => void;
  readonly isTerminal: boolean;
  /** Whether a person reads the notes. */
  readonly isNoteTerminal: boolean;
  /** Columns of the terminal; 80 where there is none. */
  readonly columns: () => number;
  /** Lines of the terminal; 24 where there is none. */
  readonly rows: () => number;
  /** Resolves when everything was handed to the system. */
  readonly flush: () => Promise<void>;
}

const COLUMNS = 80;
const ROWS = 24;

export function processStreams(): Streams {
  const { stdout, stderr } = process;
  stdout.on('error', ended);
  stderr.on('error', () => process.exit(EXIT_CODES.failed));
  return {
    write: (chunk) => written(stdout, chunk),
    writeError: (chunk) => written(stderr, chunk),
    note: (text) => void stderr.write(text),
    isTerminal: isatty(1),
    isNoteTerminal: isatty(2),
    // A terminal that does not know its size says 0.
    columns: () => (stdout.isTTY ? stdout.columns || COLUMNS : COLUMNS),
    rows: () => (stdout.isTTY ? stdout.rows || ROWS : ROWS),
    flush: async () => {
      await written(stdout, '');
      await written(stderr, '');
    },
  };
}

function ended(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT_CODES.done);
  process.stderr.write(`repram: the output takes nothing more: ${error.message}\n`);
  process.exit(EXIT_CODES.failed);
}

function written(stream: NodeJS.WriteStream, chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    // An error is the business of the listener, which ends the process.
    stream.write(chunk, () => resolve());
  });
}
