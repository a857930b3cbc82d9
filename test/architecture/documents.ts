// Reads what the documents promise. A document lists things in the first column of its tables, or
// in headings, each in backticks: | `NODE_COUNT` | ... |, ### `key-invalid`, | `GET /data/{key}` |
// ... |.

/** The first cells of all table rows and the texts of all headings, code blocks left out. */
function entries(markdown: string): string[] {
  const prose = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
  const found: string[] = [];
  for (const line of prose.split('\n')) {
    const cell = /^\s*\|((?:\\\||[^|])*)\|/.exec(line) ?? /^#+ (.*)/.exec(line);
    if (cell !== null) found.push(cell[1].replaceAll('\\|', '|'));
  }
  return found;
}

function inBackticks(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1].trim());
}

/**
 * All listed terms that `pattern` (anchored) matches, in the document's order, doubles included.
 */
export function listedTerms(markdown: string, pattern: RegExp): string[] {
  return entries(markdown)
    .flatMap(inBackticks)
    .filter((term) => pattern.test(term));
}

/**
 * "GET /data/:key", "GET /data/*" and "GET /data/{key}?limit" are one route; parameters compare by
 * place.
 */
export function normalRoute(method: string, path: string): string {
  const segments = path
    .replace(/\?.*$/, '')
    .split('/')
    .filter((segment) => segment !== '');
  const places = segments.map((segment) => (/^(:.*|\*.*|\{.*\})$/.test(segment) ? '{}' : segment));
  return `${method.toUpperCase()} /${places.join('/')}`;
}

/** Answered wherever they make sense; the documents say so once. */
const IMPLIED: ReadonlySet<string> = new Set(['HEAD', 'OPTIONS']);

/**
 * Routes listed as `GET /path` or `PUT|GET|HEAD /path`; a bare `/path` takes the methods before it.
 */
export function listedRoutes(markdown: string): string[] {
  const routes: string[] = [];
  for (const entry of entries(markdown)) {
    let methods: string[] = [];
    for (const term of inBackticks(entry)) {
      const match = /^((?:[A-Z]+[\s|,]+)*)(\/\S*)$/.exec(term);
      if (match === null) continue;
      const named = match[1].split(/[\s|,]+/).filter((method) => method !== '');
      if (named.length > 0) methods = named;
      routes.push(...methods.filter((each) => !IMPLIED.has(each)).map((each) => normalRoute(each, match[2])));
    }
  }
  return routes;
}

export interface Difference {
  readonly undocumented: readonly string[];
  readonly unknown: readonly string[];
}

/** What exists but is not listed, and what is listed but does not exist. */
export function difference(existing: Iterable<string>, listed: Iterable<string>): Difference {
  const [real, told] = [new Set(existing), new Set(listed)];
  return {
    undocumented: [...real].filter((name) => !told.has(name)).sort(),
    unknown: [...told].filter((name) => !real.has(name)).sort(),
  };
}
