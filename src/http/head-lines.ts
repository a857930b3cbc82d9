// Header lines that are the same in all answers of a kind, to be made once.

/** Each with its line break. */
export function headLines(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}
