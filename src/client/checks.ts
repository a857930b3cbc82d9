// What callers give, checked before anything is sent: each option by its rule, and none that no
// call has.
import { RepramError } from './errors';

interface Rule {
  readonly allowed: string;
  readonly holds: (value: unknown) => boolean;
  /** Its value is told to nobody. */
  readonly isSecret?: boolean;
}

const NUMBER: Rule = { allowed: 'a number', holds: (value) => typeof value === 'number' };
const TEXT: Rule = { allowed: 'text', holds: (value) => typeof value === 'string' };
const FLAG: Rule = { allowed: 'true or false', holds: (value) => typeof value === 'boolean' };
const CALLABLE: Rule = { allowed: 'a function', holds: (value) => typeof value === 'function' };

const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

/** Of a client. */
const OF_CLIENT: Readonly<Record<string, Rule>> = {
  nodes: {
    allowed: 'text, or a list of texts',
    holds: (value) => typeof value === 'string' || areTexts(value),
  },
  timeoutMs: NUMBER,
  retries: NUMBER,
  hedgeMs: NUMBER,
  encryptionKey: {
    allowed: 'bytes, text or a CryptoKey',
    holds: (value) => typeof value === 'string' || isObject(value),
    isSecret: true,
  },
  valueBytesMax: NUMBER,
  fetch: CALLABLE,
  learnNodes: FLAG,
};

/** Of all calls: one object may serve several of them. */
const OF_CALLS: Readonly<Record<string, Rule>> = {
  signal: {
    allowed: 'an AbortSignal',
    holds: (value) => isObject(value) && 'aborted' in value && 'addEventListener' in value,
  },
  timeoutMs: NUMBER,
  ttlSeconds: NUMBER,
  wait: TEXT,
  contentLength: NUMBER,
  onProgress: CALLABLE,
  minVersion: TEXT,
  waitSeconds: NUMBER,
  prefix: TEXT,
  pageSize: NUMBER,
  types: { allowed: 'a list of texts', holds: areTexts },
  values: FLAG,
  since: TEXT,
  onConnect: CALLABLE,
};

/** @throws RepramError `argument-invalid` */
export function checkClientOptions(options: unknown): void {
  check(options, OF_CLIENT);
  if ((options as { nodes?: unknown }).nodes === undefined)
    throw invalid('nodes', undefined, 'text, or a list');
}

/** @throws RepramError `argument-invalid` */
export function checkCallOptions(options: unknown): void {
  check(options, OF_CALLS);
}

function check(options: unknown, rules: Readonly<Record<string, Rule>>): void {
  if (!isObject(options)) throw invalid('options', options, 'an object');
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, name))
      throw new RepramError('argument-invalid', `There is no option ${JSON.stringify(name)}.`);
    const { allowed, holds, isSecret = false } = rules[name];
    if (value === undefined || holds(value)) continue;
    throw isSecret
      ? new RepramError('argument-invalid', `${name} must be ${allowed}.`)
      : invalid(name, value, allowed);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function invalid(name: string, value: unknown, allowed: string): RepramError {
  return new RepramError('argument-invalid', `${name} is ${shown(value)}; it must be ${allowed}.`);
}

const SHOWN_MAX = 80;

/** In a few words, whatever it is. */
export function shown(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > SHOWN_MAX ? `${value.slice(0, SHOWN_MAX)}...` : value);
  if (typeof value === 'function') return 'a function';
  if (isObject(value)) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
}
