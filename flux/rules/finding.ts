// What the checker has to say about one place of a specification, and how it is printed.

export interface Finding {
  /**
   * error: the platform rejects the specification, or REPRAM refuses to start in it. warning:
   * something will not be as wished.
   */
  readonly severity: 'error' | 'warning';
  /** As in JSONPath: `$.compose[0].ports[2]`; `$` is the whole document. */
  readonly place: string;
  /** What stands there, ready to print. */
  readonly value: string;
  /** The rule in human words. */
  readonly rule: string;
}

/** What stands where a required key is missing. */
export const MISSING = '(missing)';

const VALUE_CHARACTERS_MAX = 80;

export function error(place: string, value: unknown, rule: string): Finding {
  return { severity: 'error', place, value: printable(value), rule };
}

export function warning(place: string, value: unknown, rule: string): Finding {
  return { severity: 'warning', place, value: printable(value), rule };
}

/** JSON on one line, shortened; what is no JSON at all as a missing key. */
export function printable(value: unknown): string {
  const text = value === undefined ? MISSING : JSON.stringify(value);
  return text.length > VALUE_CHARACTERS_MAX ? `${text.slice(0, VALUE_CHARACTERS_MAX - 3)}...` : text;
}

export function errorsOf(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ severity }) => severity === 'error');
}

/** Two lines for each finding, errors first, and one that sums up. Ends with a line break. */
export function findingsText(findings: readonly Finding[]): string {
  const errors = errorsOf(findings);
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  const lines = [...errors, ...warnings].map(
    ({ severity, place, value, rule }) => `${severity.padEnd(7)}  ${place}: ${value}\n         ${rule}\n`,
  );
  return `${lines.join('')}${counted(errors.length, 'error')}, ${counted(warnings.length, 'warning')}\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
