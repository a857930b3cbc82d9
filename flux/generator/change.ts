// What the generator did to the plan, and why.

export interface Change {
  readonly what: string;
  readonly why: string;
}

export function change(what: string, why: string): Change {
  return { what, why };
}

/** A line for each. */
export function changesText(changes: readonly Change[]): string {
  return changes.map(({ what, why }) => `${what}\n    ${why}\n`).join('');
}
