// What is wrong with the settings, for the people who have to repair them.
import { documentPath } from './document-path';

export interface Problem {
  readonly variable: string;
  /** What was found, ready to print; the length only, for a secret. */
  readonly given: string;
  readonly allowed: string;
}

export type Result<Settings> =
  | { readonly ok: true; readonly settings: Readonly<Settings>; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly string[] };

/**
 * All problems at once, a heading and two lines for each, ending with a line break.
 *
 * @param outcome what came of it
 */
export function formatProblems(problems: readonly Problem[], outcome = 'REPRAM did not start'): string {
  const heading = problems.length === 1 ? 'one setting is wrong' : `${problems.length} settings are wrong`;
  const lines = problems.map(({ variable, given, allowed }) => {
    return `  ${variable}: ${given}\n    allowed: ${allowed}\n`;
  });
  const document = documentPath('configuration.md');
  return `${outcome}: ${heading}.\n${lines.join('')}Every variable is explained in ${document}.\n`;
}
