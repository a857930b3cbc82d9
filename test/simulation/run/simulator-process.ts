// Performs one command line after the other for the test that started it (simulator.ts), until that
// lets go of it.
import { readCommand } from './cli-options';
import { perform } from './commands';
import type { Said } from './simulator';

function said(args: readonly string[]): Said {
  const command = readCommand(args);
  if (typeof command === 'string') return { passed: false, output: command };
  const lines: string[] = [];
  const passed = perform(command, (line) => lines.push(line));
  return { passed, output: lines.join('\n') };
}

process.on('message', (args: string[]) => process.send?.(said(args)));
