// npm run flux:check -- FILE: whether the Flux platform will accept a specification, asked offline. FILE - is standard input.
// Exit code 0: accepted, warnings aside. 1: rejected, every problem with its place and rule. 2: nothing could be checked.
import { readFileSync } from 'node:fs';
import { checkSpec } from './rules/check-spec';
import { errorsOf, findingsText } from './rules/finding';

const USAGE = 'usage: npm run flux:check -- FILE       (- for standard input)\n';

function main(args: readonly string[]): number {
  const [file] = args;
  if (args.length !== 1 || (file.startsWith('-') && file !== '-')) {
    process.stderr.write(USAGE);
    return args[0] === '--help' ? 0 : 2;
  }
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (problem) {
    process.stderr.write(`${file}: ${problem instanceof Error ? problem.message : String(problem)}\n`);
    return 2;
  }
  const findings = checkSpec(document);
  process.stdout.write(findingsText(findings));
  return errorsOf(findings).length > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
