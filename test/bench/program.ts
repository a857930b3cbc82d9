// What every bench program is given.
import type { Processes } from './machine/processes';
import type { BenchOptions } from './options';

/** This machine does not allow the measurement; the message says why. */
export class CannotMeasureError extends Error {}

export interface Bench {
  readonly options: BenchOptions;
  readonly processes: Processes;
  /** One line for a person who waits; on standard error. */
  readonly tell: (line: string) => void;
}
