// The command line on a terminal, by script(1).
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { possibleWith } from '../basics/possible';
import { type, type Typed, type TypingOptions } from './typed';

const CLI = join(__dirname, '../../../dist/cli.js');

/** In place of `it`, where there is a terminal to be had. */
export const onTerminal = possibleWith('script(1), for a terminal', terminalProblem());

function terminalProblem(): string | null {
  try {
    execFileSync('script', ['--version']);
    return null;
  } catch {
    return 'there is no script(1)';
  }
}

/** Standard output and standard error are what the terminal was given, which ends lines by CR LF. */
export function typeOnTerminal(args: readonly string[], options: TypingOptions = {}): Promise<Typed> {
  const words = [process.execPath, CLI, ...args].map((word) => `'${word.replace(/'/g, `'\\''`)}'`);
  const program = ['script', '--quiet', '--return', '--command', words.join(' '), '/dev/null'];
  return type([], { keepsInput: true, ...options, program });
}
