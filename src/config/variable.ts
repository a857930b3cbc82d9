// What is known of a variable beside the texts it may hold.
import type { VariableName } from './environment';

export interface Variable {
  readonly name: VariableName;
  /** As documented; `UNSET` for a variable that has none. */
  readonly default: string;
  readonly meaning: string;
  readonly sane: string;
  readonly danger: string;
}

/** The documented default of a variable that has none. */
export const UNSET = '(none)';
