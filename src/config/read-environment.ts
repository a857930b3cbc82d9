// From the process environment to checked texts. Old names become new ones, defaults fill in, every
// rule of environment.ts is asked, then what holds between variables. Nothing is converted yet, and
// nothing stops at the first problem.
import { Validator } from 'class-validator/cjs/validation/Validator';
import { isUsableHostAddress, unreachableFor } from './addresses';
import { advice } from './advice';
import { crossProblems } from './cross-checks';
import { Environment } from './environment';
import type { VariableName } from './environment';
import { hintFor } from './hints';
import { nearestName } from './nearest-name';
import type { Problem } from './problems';
import { secretAdvice, secretFileAdvice } from './secret-advice';
import { readSecretFile } from './secret-file';
import { withoutServiceVariables } from './service-variables';
import { UNSET } from './variable';
import * as variables from './variables';

export type RawEnvironment = Readonly<Record<string, string | undefined>>;

/** Where a variable's text came from: the name it was given under and what was given. */
interface Origin {
  readonly name: string;
  readonly text: string;
}

export type Given = ReadonlyMap<VariableName, Origin>;

export interface CheckedEnvironment {
  readonly texts: Readonly<Environment>;
  readonly given: Given;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Never throws for anything the environment may hold. An empty text counts as not given. */
export function readEnvironment(environment: RawEnvironment): CheckedEnvironment {
  const { variables: raw, warning } = withoutServiceVariables(environment, isOurs);
  const given = collectGiven(raw);
  const texts = new Environment();
  for (const { name, default: fallback } of variables.KNOWN_VARIABLES) {
    texts[name] = given.get(name)?.text ?? (fallback === UNSET ? '' : fallback);
  }
  const problems = ruleProblems(texts, given);
  const faulty = new Set(problems.map((problem) => problem.variable));
  const between = crossProblems(texts, (name) => given.get(name)?.text).filter(
    ({ involves }) => !involves.some((name) => faulty.has(given.get(name)?.name ?? name)),
  );
  const crossed = between.map(({ variable, given: text, allowed }) => ({ variable, given: text, allowed }));
  const file = takeSecretFrom(texts, given);
  const all = [...problems, ...crossed, ...file.problems];
  // Advice about texts that are wrong would only add to the noise.
  const advised =
    all.length > 0
      ? []
      : [...advice(texts, (name) => given.has(name)), ...file.advice, ...adviceOnSecret(texts)];
  const warnings = [...warningsOf(raw), ...(warning === null ? [] : [warning]), ...advised];
  return { texts, given, problems: all, warnings };
}

/** Whether a name would be read, or complained about. */
function isOurs(name: string): boolean {
  return name.startsWith('REPRAM_') || variables.KNOWN_VARIABLES.some((variable) => variable.name === name);
}

const SECRET_FILE = 'REPRAM_CLUSTER_SECRET_FILE';

/** Puts the content of the secret's file where the secret would be. Two secrets are a problem of cross-checks.ts. */
function takeSecretFrom(texts: Environment, given: Given): { problems: Problem[]; advice: string[] } {
  const path = texts[SECRET_FILE];
  if (path === '' || given.has('REPRAM_CLUSTER_SECRET')) return { problems: [], advice: [] };
  const file = readSecretFile(path);
  if (!file.ok) {
    const problem = { variable: SECRET_FILE, given: quote(SECRET_FILE, path), allowed: file.problem };
    return { problems: [problem], advice: [] };
  }
  texts.REPRAM_CLUSTER_SECRET = file.secret;
  const advised = secretFileAdvice(SECRET_FILE, file.mode);
  return { problems: [], advice: advised === null ? [] : [advised] };
}

function adviceOnSecret(texts: Environment): string[] {
  const { REPRAM_CLUSTER_SECRET: secret, REPRAM_CLUSTER: cluster } = texts;
  const variable = texts[SECRET_FILE] === '' ? 'REPRAM_CLUSTER_SECRET' : SECRET_FILE;
  return secret === '' ? [] : secretAdvice(variable, secret, cluster);
}

function collectGiven(raw: RawEnvironment): Given {
  const given = new Map<VariableName, Origin>();
  const take = (variable: VariableName, name: string): void => {
    const text = raw[name];
    if (text === undefined || text.trim() === '' || given.has(variable)) return;
    given.set(variable, { name, text: variables.SECRET_VARIABLES.includes(variable) ? text : text.trim() });
  };
  for (const { name } of variables.KNOWN_VARIABLES) take(name, name);
  for (const [old, name] of Object.entries(variables.DEPRECATED_VARIABLES)) {
    if (name !== null && !leadsNowhere(old, raw)) take(name, old);
  }
  return given;
}

/** Earlier releases took localhost and 0.0.0.0 for an own address and made nothing of it. */
function leadsNowhere(name: string, raw: RawEnvironment): boolean {
  return name === 'NODE_ADDRESS' && unreachableFor((raw[name] ?? '').trim()) !== null;
}

function ruleProblems(texts: Environment, given: Given): Problem[] {
  const errors = new Validator().validateSync(texts);
  return errors.map(({ property, constraints }) => {
    const origin = given.get(property as VariableName);
    return {
      variable: origin?.name ?? property,
      given: quote(property, origin?.text ?? ''),
      allowed: Object.entries(constraints ?? {})
        .map(([kind, allowed]) => `${allowed}${hintFor(origin?.text ?? '', kind === 'wholeNumber')}`)
        .join('; '),
    };
  });
}

/** A text as a message may show it: on one line, shortened, and only the length of a secret. */
function quote(variable: string, text: string): string {
  if (variables.SECRET_VARIABLES.includes(variable)) return `${text.length} characters (not shown)`;
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}

function warningsOf(raw: RawEnvironment): string[] {
  return Object.keys(raw)
    .filter((name) => (raw[name] ?? '').trim() !== '')
    .sort()
    .flatMap((name) => warningFor(name, raw) ?? []);
}

function warningFor(name: string, raw: RawEnvironment): string | null {
  if (Object.hasOwn(variables.DEPRECATED_VARIABLES, name)) return deprecation(name, raw);
  if (name === 'FLUX_NODE_HOST_IP' && !isUsableHostAddress((raw[name] ?? '').trim()))
    return `${name} is no IP address that other hosts could reach, and has no effect`;
  if (variables.RESERVED_VARIABLES.includes(name)) return `${name} is not supported yet and has no effect`;
  const known: string[] = variables.KNOWN_VARIABLES.map((variable) => variable.name);
  if (!name.startsWith('REPRAM_') || known.includes(name)) return null;
  if (variables.INTERNAL_VARIABLES.includes(name)) return null;
  return `${name} is unknown and has no effect; the nearest known variable is ${nearestName(name, known)}`;
}

function deprecation(name: string, raw: RawEnvironment): string {
  const successor = variables.DEPRECATED_VARIABLES[name];
  if (successor === null) return `${name} is deprecated and has no effect: discovery never stops`;
  if (leadsNowhere(name, raw)) {
    return `${name} is deprecated, and has no effect: no other host reaches this one at ${quote(name, raw[name] ?? '')}; use ${successor}`;
  }
  const overruled = (raw[successor] ?? '').trim() !== '';
  return `${name} is deprecated: use ${successor}${overruled ? ', which is set too and wins' : ''}`;
}
