// What a server is asked, and how that is sent.
import type { Script } from './scripts';
import type { Argument } from './wire-writer';

export interface Command {
  /** Null = the arguments begin with the name of a command. */
  readonly script: Script | null;
  /** Names that say in a Cluster where the script is to run: all of one bucket. */
  readonly keys: readonly Buffer[];
  readonly args: readonly Argument[];
  /** That are asked for, at most. */
  readonly answerBytes: number;
  /** The server has the slot only in part, and answers for this command alone. */
  readonly isAsking: boolean;
  /** The server did not know the script. */
  readonly hasSource: boolean;
}

const NO_KEYS: readonly Buffer[] = [];

export function plainCommand(args: readonly Argument[], answerBytes: number): Command {
  return { script: null, keys: NO_KEYS, args, answerBytes, isAsking: false, hasSource: false };
}

export function scriptCommand(
  script: Script,
  keys: readonly Buffer[],
  args: readonly Argument[],
  answerBytes: number,
): Command {
  return { script, keys, args, answerBytes, isAsking: false, hasSource: false };
}

/** Name and arguments, as they are sent. */
export function wireForm({ script, keys, args, hasSource }: Command): readonly Argument[] {
  if (script === null) return args;
  const head = hasSource ? ['EVAL', script.source] : ['EVALSHA', script.sha];
  return [...head, String(keys.length), ...keys, ...args];
}
