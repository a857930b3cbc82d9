// Query strings (application/x-www-form-urlencoded): `+` is a space, pairs are separated by `&`.

/** The decoded text, or null when it is not percent-encoded UTF-8. */
function decode(text: string): string | null {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** A parameter: its text, null when its encoding is broken, an array when it was given more than once. */
export type QueryValue = string | null | (string | null)[];

/** Parses a whole query for the router. Parameters whose name cannot be decoded are left out. */
export function parseQuery(query: string): Record<string, QueryValue | undefined> {
  const values = Object.create(null) as Record<string, QueryValue | undefined>;
  for (const pair of query === '' ? [] : query.split('&')) {
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    if (name === null || name === '') continue;
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
    const before = values[name];
    if (before === undefined) values[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else values[name] = [before, value];
  }
  return values;
}

/** The first value of one plainly named parameter; undefined when absent, the raw text when its encoding is broken. */
export function queryParameter(query: string, name: string): string | undefined {
  if (query === '') return undefined;
  for (const pair of query.split('&')) {
    if (pair.startsWith(name) && (pair.length === name.length || pair[name.length] === '=')) {
      const raw = pair.slice(name.length + 1);
      return decode(raw) ?? raw;
    }
  }
  return undefined;
}
