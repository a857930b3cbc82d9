// What ends a command early: a sentence for people, a code for programs.
import type { Ending } from './exit-codes';

export interface Told {
  readonly ending: Ending;
  /** Stable: a problem code of a node, or one of the command line's own. */
  readonly code: string;
  /** One sentence, without a full stop. */
  readonly message: string;
  /** What to do about it; empty when there is nothing to say. */
  readonly advice?: string;
}

export class CliError extends Error {
  readonly ending: Ending;
  readonly code: string;
  readonly advice: string;

  constructor({ ending, code, message, advice = '' }: Told) {
    super(message);
    this.ending = ending;
    this.code = code;
    this.advice = advice;
  }
}

const SHOWN_CHARACTERS_MAX = 80;

function shown(value: string): string {
  const { length } = value;
  return JSON.stringify(
    length > SHOWN_CHARACTERS_MAX ? `${value.slice(0, SHOWN_CHARACTERS_MAX - 3)}...` : value,
  );
}

/** Something typed that cannot be meant. It says what for, what was given and what is allowed. */
export class InputError extends CliError {
  constructor(
    readonly field: string,
    readonly value: string,
    readonly allowed: string,
  ) {
    super({
      ending: 'usage',
      code: 'input-invalid',
      message: `${field} is ${shown(value)}; allowed is ${allowed}`,
    });
  }
}

/** Ctrl-C, or SIGTERM. Nobody needs to be told. */
export class InterruptedError extends CliError {
  constructor() {
    super({ ending: 'interrupted', code: 'interrupted', message: 'interrupted' });
  }
}
