// Finds the name that a mistyped one was probably meant to be.

/** Levenshtein distance: insertions, deletions and replacements that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = previous[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}

/** The first of the nearest ones. `names` must not be empty. */
export function nearestName(name: string, names: readonly string[]): string {
  return names.reduce((best, other) => (editDistance(name, other) < editDistance(name, best) ? other : best));
}
