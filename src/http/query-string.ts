// Query strings (application/x-www-form-urlencoded): `+` is a space, pairs are separated by `&`. A
// parameter that a route does not know is refused and never skipped. A client that mistypes `ttl`
// must not get the default instead.
import { nearestName } from '../config/nearest-name';
import { givenText } from './given-text';

/** The decoded text, or null when it is not percent-encoded UTF-8. */
function decode(text: string): string | null {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/**
 * A parameter whose encoding is broken: no text, whatever it looks like. A message about it shows
 * what was sent.
 */
export class BrokenText {
  constructor(private readonly sent = '') {}

  toJSON(): string {
    return this.sent;
  }
}

/** A parameter: its text, or an array when it was given more than once. */
export type QueryValue = string | BrokenText | (string | BrokenText)[];

/**
 * Parses a whole query for the router. Parameters whose name cannot be decoded keep the name that
 * was sent.
 */
export function parseQuery(query: string): Record<string, QueryValue | undefined> {
  const values = Object.create(null) as Record<string, QueryValue | undefined>;
  for (const pair of query === '' ? [] : query.split('&')) {
    if (pair === '') continue;
    const { name, raw } = split(pair);
    const value = decode(raw) ?? new BrokenText(raw);
    const before = values[name];
    if (before === undefined) values[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else values[name] = [before, value];
  }
  return values;
}

export type Parameters<N extends string> =
  | { readonly kind: 'parameters'; readonly values: Readonly<Partial<Record<N, string>>> }
  /** `problem` is a sentence for the client. */
  | { readonly kind: 'invalid'; readonly problem: string };

const NONE: Parameters<never> = { kind: 'parameters', values: {} };

/**
 * The parameters of a route that takes `names`, each once. One whose encoding is broken is handed
 * on as it was sent.
 */
export function readParameters<N extends string>(query: string, names: readonly N[]): Parameters<N> {
  if (query === '') return NONE;
  const values = Object.create(null) as Partial<Record<N, string>>;
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const { name, raw } = split(pair);
    const known = names.find((each) => each === name);
    if (known === undefined) return { kind: 'invalid', problem: unknownParameter(name, names) };
    const [before, value] = [values[known], decode(raw) ?? raw];
    if (before !== undefined) return { kind: 'invalid', problem: doubledParameter(known, before, value) };
    values[known] = value;
  }
  return { kind: 'parameters', values };
}

/** `readParameters` for a route that is asked often: most queries are as the one before. */
export function parameterReader<N extends string>(names: readonly N[]): (query: string) => Parameters<N> {
  let last: { readonly query: string; readonly reading: Parameters<N> } = { query: '', reading: NONE };
  return (query) => {
    if (query !== last.query) last = { query, reading: readParameters(query, names) };
    return last.reading;
  };
}

function split(pair: string): { readonly name: string; readonly raw: string } {
  const equals = pair.indexOf('=');
  const sentName = equals === -1 ? pair : pair.slice(0, equals);
  return { name: decode(sentName) ?? sentName, raw: equals === -1 ? '' : pair.slice(equals + 1) };
}

function doubledParameter(name: string, first: string, second: string): string {
  return `${name} was given more than once, as ${givenText(first)} and ${givenText(second)}.`;
}

const NAME_SHOWN_MAX = 40;

/** Names the parameter, the nearest known one, and all that are allowed. */
export function unknownParameter(name: string, names: readonly string[]): string {
  const shown = name.slice(0, NAME_SHOWN_MAX);
  const given = JSON.stringify(shown);
  if (names.length === 0) return `This path takes no parameters (given: ${given}).`;
  return `There is no parameter ${given} here: did you mean ${nearestName(shown, names)}? Allowed: ${names.join(', ')}.`;
}
