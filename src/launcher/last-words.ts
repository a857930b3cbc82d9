// What processes that end before they have said a word wrote to their error output, told once for
// all of a launcher: something that each start meets in the same way, and that no restart mends.
import type { Readable } from 'node:stream';
import type { LauncherLog } from './launcher-log';

/** As much of the end of it as a line of the log can bear. */
const KEPT_CHARACTERS = 2000;
/** One may have been killed, or have found the machine short of something. */
const SILENT_ENDS = 2;

const ADVICE =
  'look at NODE_OPTIONS (an unknown flag, or too small a heap), and whether dist/ has its package.json above it; ' +
  'REPRAM_NODE_INDEXES=1 node dist/node.js shows the same without the launcher';

const NO_PROGRAM = 'the Node.js that runs the launcher cannot be run any more: it was replaced, or removed';
/** Of what the launcher lacks where the system starts no process for it. */
const START_ADVICE: Readonly<Record<string, string | undefined>> = {
  EMFILE: 'the launcher has no descriptor left for a process: raise ulimit -n',
  ENFILE: 'the machine has no descriptor left',
  EAGAIN: 'no further process is allowed: raise ulimit -u, or the limit of processes of the container',
  ENOMEM: 'no memory is left for a process, in the container or on the machine',
  ENOENT: NO_PROGRAM,
  EACCES: NO_PROGRAM,
};

/** The end of what a process writes. */
export function lastWords(from: Readable): () => string {
  let kept = '';
  from.on('data', (text: string) => (kept = (kept + text).slice(-KEPT_CHARACTERS)));
  return () => kept.trim();
}

export class SilentEnds {
  private told = false;
  private ends = 0;

  constructor(private readonly log: LauncherLog) {}

  /** A process has said something: starts can succeed. */
  spoke(): void {
    this.ends = 0;
  }

  /** A process that nobody ended has ended without a word. */
  ended(reason: string, words: string): void {
    this.count(reason, words, ADVICE);
  }

  /** The system refused to start a process. */
  refused(reason: string, code: string): void {
    this.count(reason, '', START_ADVICE[code] ?? `see what ${code} means on this system`);
  }

  private count(reason: string, said: string, advice: string): void {
    this.ends += 1;
    if (this.told || this.ends < SILENT_ENDS) return;
    this.told = true;
    this.log.error('node-cannot-start', { reason, said, advice });
  }
}
