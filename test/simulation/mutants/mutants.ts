// The core with one thing wrong in its own text, and which checker must notice. A mutant that
// nobody notices shows a hole in the proof; one whose text is gone must follow the code. Cores that
// are broken from outside are in broken-cores.ts.
import type { Edit } from './core-loader';
import { MEMBERSHIP_MUTANTS } from './membership-mutants';
import { READ_MUTANTS } from './read-mutants';
import { RESOURCE_MUTANTS } from './resource-mutants';
import { VERSION_MUTANTS } from './version-mutants';
import { WRITE_MUTANTS } from './write-mutants';

export interface Mutant {
  readonly what: string;
  readonly checker: string;
  readonly scenario: string;
  /** Seeds from 1 that are tried until one catches it. */
  readonly within: number;
  readonly edits: readonly Edit[];
}

export const MUTANTS: readonly Mutant[] = [
  ...VERSION_MUTANTS,
  ...WRITE_MUTANTS,
  ...READ_MUTANTS,
  ...MEMBERSHIP_MUTANTS,
  ...RESOURCE_MUTANTS,
];

/** Those that do what is named so; all when nothing is named. */
export function mutantsThat(names: readonly string[]): readonly Mutant[] {
  const unknown = names.filter((name) => !MUTANTS.some(({ what }) => what === name));
  if (unknown.length > 0)
    throw new Error(
      `no mutant ${unknown.join(', ')}; there are ${MUTANTS.map(({ what }) => what).join(', ')}`,
    );
  return names.length === 0 ? MUTANTS : MUTANTS.filter(({ what }) => names.includes(what));
}
