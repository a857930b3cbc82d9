// What a row of the table of variables says, and the kinds of text a variable may hold. A kind
// checks a text and turns it into a value. An empty text means "not given", and a kind allows it
// where a variable has no default.
import {
  type HostPort,
  isBindAddress,
  isHost,
  isHostPattern,
  isUsableHostAddress,
  listItems,
  parseBaseUrl,
  parseCidr,
  parseHostPort,
  parsePortPairs,
  type PortPair,
  unreachableFor,
} from './addresses';
import { holdsCertificates } from './certificate-file';
import { parseStoreUrl, shownStoreUrl, STORE_URL_FORM, type StoreAddress } from './store-address';

export interface Variable {
  /**
   * The property of the settings that has the value as it was parsed. Absent = it is used
   * otherwise.
   */
  readonly setting?: string;
  /** As documented; `UNSET` for a variable that has none. */
  readonly default: string;
  readonly takes: Kind<unknown>;
  /** What the variable does, with the formula where there is one. */
  readonly meaning: string;
  readonly sane: string;
  readonly danger: string;
}

/** The documented default of a variable that has none. */
export const UNSET = '(none)';

export interface Kind<Value> {
  /** A secret is never repeated in a message, and white space around it is not cut off. */
  readonly holds: 'number' | 'secret' | 'text';
  /** The sentence an operator reads behind "allowed:"; null where any text will do. */
  readonly allowed: string | null;
  isAllowed(text: string): boolean;
  /** The text as a message may show it, where not all of it may be seen. */
  readonly shown?: (text: string) => string;
  /** Never throws. Of a text that is not allowed it makes any value of its type. */
  parse(text: string): Value;
}

function textKind<Value>(
  allowed: string | null,
  isAllowed: (text: string) => boolean,
  parse: (text: string) => Value,
): Kind<Value> {
  return { holds: 'text', allowed, isAllowed, parse };
}

function asItIs(text: string): string {
  return text;
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}

/** Items that `parseItem` takes, separated by commas or white space. */
function listKind<Item>(
  allowed: string,
  parseItem: (text: string) => Item | null,
): Kind<readonly (Item & {})[]> {
  return textKind(
    allowed,
    (text) => listItems(text).every((item) => parseItem(item) !== null),
    (text) => Object.freeze(listItems(text).flatMap((item) => parseItem(item) ?? [])),
  );
}

/** Decimal digits only, within min..max (inclusive). */
export function wholeNumber(min: number, max: number, unit: string): Kind<number> {
  return {
    holds: 'number',
    allowed: `a whole number, ${min}..${max} ${unit}`,
    isAllowed: (text) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max,
    parse: Number,
  };
}

export function oneOf<Choice extends string>(first: Choice, ...others: readonly Choice[]): Kind<Choice> {
  const choices = [first, ...others];
  const find = (text: string): Choice | undefined => choices.find((choice) => choice === text);
  return textKind(
    `one of ${choices.join(', ')}`,
    (text) => find(text) !== undefined,
    (text) => find(text) ?? first,
  );
}

/** For a variable that is judged where it is used. */
export function anyText(): Kind<string> {
  return textKind(null, () => true, asItIs);
}

export function host(): Kind<string> {
  const allowed = 'a host name or an IP address, without port';
  return textKind(allowed, (text) => text === '' || isHost(text), asItIs);
}

export function bindAddress(): Kind<string> {
  const allowed =
    'an IP address of this host (with its zone, if it is link-local), or a name that resolves to one, without port';
  return textKind(allowed, (text) => text === '' || isBindAddress(text), asItIs);
}

/** An address of loopback is a matter of cross-checks.ts: there are hosts on loopback. */
export function reachableHost(): Kind<string | null> {
  const allowed =
    'a host name or an IP address that other hosts can reach, without port and zone; not a wildcard such as 0.0.0.0';
  const isReachable = (text: string): boolean => [null, 'loopback'].includes(unreachableFor(text));
  return textKind(allowed, (text) => text === '' || (isHost(text) && isReachable(text)), orNull);
}

/** Set by the platform: what is no address has no effect, and a warning says so. */
export function platformAddress(): Kind<string | null> {
  return textKind(
    null,
    () => true,
    (text) => (isUsableHostAddress(text) ? text : null),
  );
}

export function name(lengthMax: number): Kind<string> {
  const pattern = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._-]{0,${lengthMax - 1}}$`);
  const allowed = `1..${lengthMax} letters, digits, dots, hyphens and underscores, beginning with a letter or digit`;
  return textKind(allowed, (text) => text === '' || pattern.test(text), asItIs);
}

export function secret(lengthMax: number): Kind<string | null> {
  return {
    holds: 'secret',
    allowed: `1..${lengthMax} characters without white space at either end`,
    isAllowed: (text) => text.length <= lengthMax && text === text.trim(),
    parse: orNull,
  };
}

export function storeUrl(): Kind<StoreAddress | null> {
  return {
    ...textKind(STORE_URL_FORM, (text) => text === '' || parseStoreUrl(text) !== null, parseStoreUrl),
    shown: shownStoreUrl,
  };
}

export function certificateFile(): Kind<string> {
  const allowed = 'a file that this process may read, with at least one certificate (PEM)';
  return textKind(allowed, (text) => text === '' || holdsCertificates(text), asItIs);
}

export function hostPorts(): Kind<readonly HostPort[]> {
  return listKind('host:port or [IPv6]:port, separated by commas, ports 1..65535', parseHostPort);
}

export function cidrs(allowed = 'CIDR ranges such as 10.0.0.0/8,fd00::/8, separated by commas') {
  return listKind(allowed, parseCidr);
}

/** Ranges, and a word for no range at all: an empty text would be the default. */
export function quotaExempt(): Kind<readonly string[]> {
  const ranges = cidrs('none, or CIDR ranges such as 10.0.0.0/8, separated by commas');
  return textKind(
    ranges.allowed,
    (text) => text === 'none' || ranges.isAllowed(text),
    (text) => ranges.parse(text === 'none' ? '' : text),
  );
}

export function trustProxy(): Kind<boolean | readonly string[]> {
  const ranges = cidrs('true, false, or CIDR ranges such as 10.0.0.0/8, separated by commas');
  const isWord = (text: string): boolean => text === 'true' || text === 'false';
  return textKind<boolean | readonly string[]>(
    ranges.allowed,
    (text) => isWord(text) || ranges.isAllowed(text),
    (text) => (isWord(text) ? text === 'true' : ranges.parse(text)),
  );
}

export function hostPatterns(): Kind<readonly string[]> {
  const allowed =
    'host names such as board.example, patterns such as *.example.org, or *, separated by commas';
  return listKind(allowed, (text) => (isHostPattern(text) ? text.toLowerCase() : null));
}

export function baseUrls(): Kind<readonly string[]> {
  const allowed = 'http or https URLs without user, query and fragment, separated by commas';
  return listKind(allowed, parseBaseUrl);
}

export function portPairs(): Kind<readonly PortPair[]> {
  const allowed =
    'container port:host port, separated by commas, ports 1..65535, each container port and each host port once';
  return textKind(
    allowed,
    (text) => text === '' || parsePortPairs(text) !== null,
    (text) => Object.freeze(parsePortPairs(text) ?? []),
  );
}
