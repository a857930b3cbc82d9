// The simulator in a process of its own, for tests: inside jest's sandbox it takes twice as long.
// One process performs all that a test file asks for, because the first second of any goes into
// compiling the core.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
/**
 * A run makes much garbage that dies at once, and its code is hot for seconds only: to collect less
 * often, in one thread, and to inline less saves an eighth of the processor time.
 */
const ENGINE = [
  ...['--min-semi-space-size=64', '--max-semi-space-size=64', '--single-threaded-gc'],
  '--max-inlined-bytecode-size-cumulative=300',
];

/** What `npm run sim` prints, and whether all was as it should be. */
export interface Said {
  readonly passed: boolean;
  readonly output: string;
}

export class Simulator {
  private readonly child: ChildProcess;

  constructor() {
    const program = [join('test', 'simulation', 'run', 'simulator-process.ts')];
    this.child = fork(join('scripts', 'run-ts.cjs'), program, { cwd: ROOT, execArgv: ENGINE });
  }

  /** Performs the command line with these arguments. One at a time. */
  async perform(...args: readonly string[]): Promise<Said> {
    const settled = new AbortController();
    const [answer, end] = ['message', 'exit'].map((event) =>
      once(this.child, event, { signal: settled.signal }),
    );
    this.child.send(args);
    const said = await Promise.race([
      answer,
      end.then(
        () => null,
        () => null,
      ),
    ]);
    settled.abort();
    if (said === null) throw new Error(`the simulator ended with exit code ${this.child.exitCode}`);
    return said[0] as Said;
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }
}
