// The command line on a terminal, by script(1).
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { possibleWith } from '../basics/possible';
import { startTyping, type Typed, type Typing, type TypingOptions } from './typed';

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

/** Its output is what the terminal was given, of both kinds, with lines that end by CR LF. */
export function typeOnTerminal(args: readonly string[], options: TypingOptions = {}): Promise<Typed> {
  return startOnTerminal(args, options).ended;
}

/** To kill its process is to close the terminal. */
export function startOnTerminal(args: readonly string[], options: TypingOptions = {}): Typing {
  const words = [process.execPath, CLI, ...args].map((word) => `'${word.replace(/'/g, `'\\''`)}'`);
  const program = ['script', '--quiet', '--return', '--command', `exec ${words.join(' ')}`, '/dev/null'];
  return startTyping([], { keepsInput: true, ...options, program });
}
