#!/usr/bin/env node
// Entry of the command line. To start nodes is the launcher's own business: it gets the process as
// if it had been started itself. Everything else is read here.
import { join } from 'node:path';

const [, , first, ...rest] = process.argv;

if (first === undefined || (first === 'start' && !rest.some((arg) => arg === '--help' || arg === '-h'))) {
  const launcher = join(__dirname, 'launcher.js');
  process.argv = [process.argv[0], launcher, ...rest];
  void import(launcher);
} else {
  void import('./cli/run-cli').then(({ runCli }) => runCli(process.argv.slice(2)));
}
