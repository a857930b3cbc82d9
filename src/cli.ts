#!/usr/bin/env node
// Entry of the command line. To start nodes is the launcher's own business: it gets the process as
// if it had been started itself. Everything else is read here.
import { join } from 'node:path';
import { outliveTerminal } from './output/lost-terminal';

/** Without any word, too. */
function isStart(words: readonly string[]): boolean {
  return words.length === 0 || (words[0] === 'start' && !words.includes('--help') && !words.includes('-h'));
}

if (isStart(process.argv.slice(2))) {
  const launcher = join(__dirname, 'launcher.js');
  process.argv = [process.argv[0], launcher, ...process.argv.slice(3)];
  void import(launcher);
} else {
  outliveTerminal();
  void import('./cli/run-cli').then(({ runCli }) => runCli(process.argv.slice(2)));
}
