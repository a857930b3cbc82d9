// From the process environment to checked texts and values. Old names become new ones, defaults
// fill in, the rule of each variable is asked, then what holds between variables. Nothing stops at
// the first problem.
import { isUsableHostAddress, unreachableFor } from './addresses';
import { advice } from './advice';
import { crossProblems } from './cross-checks';
import { refusedTexts } from './environment';
import { hintFor } from './hints';
import { nearestName } from './nearest-name';
import type { Problem } from './problems';
import { secretAdvice, secretFileAdvice } from './secret-advice';
import { readSecretFile } from './secret-file';
import { withoutServiceVariables } from './service-variables';
import { type Kind, UNSET } from './variable';
import {
  CLIENT_VARIABLES,
  DEPRECATED_VARIABLES,
  INTERNAL_VARIABLES,
  KNOWN_VARIABLES,
  RESERVED_VARIABLES,
  VARIABLES,
  valuesOf,
} from './variables';
import type { VariableName, VariableTexts, VariableValues } from './variables';

export type RawEnvironment = Readonly<Record<string, string | undefined>>;

/** Where a variable's text came from: the name it was given under and what was given. */
interface Origin {
  readonly name: string;
  readonly text: string;
}

export type Given = ReadonlyMap<VariableName, Origin>;

export interface CheckedEnvironment {
  readonly texts: Readonly<VariableTexts>;
  /** Sound only where there are no problems. */
  readonly values: VariableValues;
  readonly given: Given;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Never throws for anything the environment may hold. An empty text counts as not given. */
export function readEnvironment(environment: RawEnvironment): CheckedEnvironment {
  const { variables: raw, warning } = withoutServiceVariables(environment, isOurs);
  const given = collectGiven(raw);
  const texts = textsOf(given);
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
  return { texts, values: valuesOf(texts), given, problems: all, warnings };
}

function textsOf(given: Given): VariableTexts {
  const texts = KNOWN_VARIABLES.map(({ name, default: fallback }) => {
    return [name, given.get(name)?.text ?? (fallback === UNSET ? '' : fallback)];
  });
  return Object.fromEntries(texts) as VariableTexts;
}

/** Whether a name would be read, or complained about. */
function isOurs(name: string): boolean {
  return name.startsWith('REPRAM_') || Object.hasOwn(VARIABLES, name);
}

const SECRET_FILE = 'REPRAM_CLUSTER_SECRET_FILE';

/**
 * Puts the content of the secret's file where the secret would be. Two secrets are a problem of
 * cross-checks.ts.
 */
function takeSecretFrom(texts: VariableTexts, given: Given): { problems: Problem[]; advice: string[] } {
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

function adviceOnSecret(texts: VariableTexts): string[] {
  const { REPRAM_CLUSTER_SECRET: secret, REPRAM_CLUSTER: cluster } = texts;
  const variable = texts[SECRET_FILE] === '' ? 'REPRAM_CLUSTER_SECRET' : SECRET_FILE;
  return secret === '' ? [] : secretAdvice(variable, secret, cluster);
}

function collectGiven(raw: RawEnvironment): Given {
  const given = new Map<VariableName, Origin>();
  const take = (variable: VariableName, name: string): void => {
    const text = raw[name];
    if (text === undefined || text.trim() === '' || given.has(variable)) return;
    given.set(variable, { name, text: isSecret(variable) ? text : text.trim() });
  };
  for (const { name } of KNOWN_VARIABLES) take(name, name);
  for (const [old, name] of Object.entries(DEPRECATED_VARIABLES)) {
    if (name !== null && !leadsNowhere(old, raw)) take(name, old);
  }
  return given;
}

/** Earlier releases took localhost and 0.0.0.0 for an own address and made nothing of it. */
function leadsNowhere(name: string, raw: RawEnvironment): boolean {
  return name === 'NODE_ADDRESS' && unreachableFor((raw[name] ?? '').trim()) !== null;
}

function ruleProblems(texts: VariableTexts, given: Given): Problem[] {
  return refusedTexts(texts).map(({ name, allowed }) => {
    const text = given.get(name)?.text ?? '';
    return {
      variable: given.get(name)?.name ?? name,
      given: quote(name, text),
      allowed: `${allowed}${hintFor(text, VARIABLES[name].takes.holds === 'number')}`,
    };
  });
}

function isSecret(name: VariableName): boolean {
  return VARIABLES[name].takes.holds === 'secret';
}

/** A text as a message may show it: on one line, shortened, and only the length of a secret. */
function quote(name: VariableName, text: string): string {
  if (isSecret(name)) return `${text.length} characters (not shown)`;
  const { takes }: { readonly takes: Kind<unknown> } = VARIABLES[name];
  return shortened(takes.shown?.(text) ?? text);
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}

function warningsOf(raw: RawEnvironment): string[] {
  return Object.keys(raw)
    .filter((name) => (raw[name] ?? '').trim() !== '')
    .sort()
    .flatMap((name) => warningFor(name, raw) ?? []);
}

function warningFor(name: string, raw: RawEnvironment): string | null {
  if (Object.hasOwn(DEPRECATED_VARIABLES, name)) return deprecation(name, raw);
  if (name === 'FLUX_NODE_HOST_IP' && !isUsableHostAddress((raw[name] ?? '').trim()))
    return `${name} is no IP address that other hosts could reach, and has no effect`;
  if (RESERVED_VARIABLES.includes(name)) return `${name} is not supported yet and has no effect`;
  if (!name.startsWith('REPRAM_') || Object.hasOwn(VARIABLES, name)) return null;
  if (INTERNAL_VARIABLES.includes(name) || CLIENT_VARIABLES.includes(name)) return null;
  return `${name} is unknown and has no effect; the nearest known variable is ${nearestName(name, Object.keys(VARIABLES))}`;
}

function deprecation(name: string, raw: RawEnvironment): string {
  const successor = DEPRECATED_VARIABLES[name];
  if (successor === null) return `${name} is deprecated and has no effect: discovery never stops`;
  if (leadsNowhere(name, raw)) {
    return `${name} is deprecated, and has no effect: no other host reaches this one at ${shortened(raw[name] ?? '')}; use ${successor}`;
  }
  const overruled = (raw[successor] ?? '').trim() !== '';
  return `${name} is deprecated: use ${successor}${overruled ? ', which is set too and wins' : ''}`;
}
