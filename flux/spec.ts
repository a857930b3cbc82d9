// npm run flux:spec -- [PLAN.json] [options]: makes of the plan's object a specification that the
// Flux platform takes. The specification goes to standard output or --out, what was changed and why
// to standard error.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAnswers, USAGE, type Answers } from './generator/answers';
import { changesText } from './generator/change';
import { generate } from './generator/generate';
import { planErrors, type Plan } from './generator/plan';
import { readDocument } from './read-document';
import { checkSpec } from './rules/check-spec';
import { errorsOf, findingsText } from './rules/finding';
import { tellWhenOutputBreaks } from './standard-output';

const tell = (text: string): void => void process.stderr.write(text);

function main(args: readonly string[]): number {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const answers = readAnswers(args);
  if (typeof answers === 'string') return refuse(`${answers}\n${USAGE}`);
  const plan = readPlan(answers.planFile ?? join(__dirname, 'app.plan.json'));
  return typeof plan === 'string' ? refuse(plan) : write(plan, answers);
}

function refuse(text: string): number {
  tell(text);
  return 2;
}

function readPlan(file: string): Plan | string {
  const reading = readDocument(file);
  if (reading.kind === 'unreadable') return reading.problem;
  const errors = planErrors(reading.document);
  return errors.length > 0 ? `${file} is no plan:\n${findingsText(errors)}` : (reading.document as Plan);
}

function write(plan: Plan, answers: Answers): number {
  const generated = generate(plan, answers);
  if (typeof generated === 'string') return refuse(`${generated}\n`);
  tell(changesText(generated.changes));
  const findings = checkSpec(generated.spec);
  tell(`\n${findingsText(findings)}`);
  if (errorsOf(findings).length > 0) return 1;
  const text = `${JSON.stringify(generated.spec, null, 2)}\n`;
  if (answers.outFile === undefined) process.stdout.write(text);
  else writeFileSync(answers.outFile, text);
  return 0;
}

tellWhenOutputBreaks();
process.exitCode = main(process.argv.slice(2));
