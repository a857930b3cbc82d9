// npm run flux:check -- FILE: whether the Flux platform will accept a specification and REPRAM will
// start in it, asked offline. FILE - is standard input. Exit code 0: both, warnings aside. 1: one
// of them not, every problem with its place and rule. 2: nothing could be checked.
import { readDocument } from './read-document';
import { checkSpec } from './rules/check-spec';
import { errorsOf, findingsText } from './rules/finding';
import { tellWhenOutputBreaks } from './standard-output';

const USAGE = 'usage: npm run flux:check -- FILE       (- for standard input)\n';

function main(args: readonly string[]): number {
  const [file] = args;
  if (args.some((arg) => arg === '--help' || arg === '-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (args.length !== 1 || (file.startsWith('-') && file !== '-')) {
    process.stderr.write(USAGE);
    return 2;
  }
  const reading = readDocument(file);
  if (reading.kind === 'unreadable') {
    process.stderr.write(reading.problem);
    return 2;
  }
  const findings = checkSpec(reading.document);
  process.stdout.write(findingsText(findings));
  return errorsOf(findings).length > 0 ? 1 : 0;
}

tellWhenOutputBreaks();
process.exitCode = main(process.argv.slice(2));
