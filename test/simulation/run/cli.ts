// npm run sim -- runs scenarios and prints what came of them; its options are in cli-options.ts.
// Exit code 1 = violations, 2 = nothing was run, because the command line cannot be meant.
import { readCommand, USAGE } from './cli-options';
import { perform } from './commands';

const command = readCommand(process.argv.slice(2));
if (typeof command === 'string') {
  process.stderr.write(`${command}\n${USAGE}`);
  process.exitCode = 2;
} else process.exitCode = perform(command, console.log) ? 0 : 1;
