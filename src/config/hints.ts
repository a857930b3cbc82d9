// What is probably wrong with a text that its rule refused, or that was hardly meant as a secret.
// Not every tool reads env files alike: Docker keeps quotation marks that a shell takes away.

const QUOTED = /^(["'`]).*\1$/s;

/** What to put behind what is allowed, or nothing. */
export function hintFor(text: string, isNumber: boolean): string {
  if (QUOTED.test(text)) return '; the quotation marks are part of what was given: leave them out';
  if (!isNumber) return '';
  if (/^\d{1,3}([,._' ]\d{3})+$/.test(text)) return '; leave out what separates the thousands';
  if (/^\d+(\.\d+)? ?[a-zA-Z%]+$/.test(text))
    return '; the unit is fixed: convert the number and leave the unit out';
  return '';
}

/** A secret may hold anything, so what looks like a slip is only a warning. */
export function secretWarning(name: string, secret: string): string | null {
  if (!QUOTED.test(secret)) return null;
  return `${name} begins and ends with quotation marks, which are part of the secret; Docker's env files keep them`;
}
