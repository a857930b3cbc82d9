// Fields whose value is a list by its definition. Several of them are one list, and empty elements
// count for nothing (RFC 9110, 5.6.1.2).

export function listed(field: string): string[] {
  return field
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
}
