// The commands as a shell's completion needs them: words, and what may follow each.
import type { Argument, Command, Option } from 'commander';

/** What a shell offers for an argument. */
export type Offer =
  { readonly kind: 'words'; readonly words: readonly string[] } | { readonly kind: 'file' | 'nothing' };

export interface DescribedOption {
  /** `-o`, `--output`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Null: it takes no value. */
  readonly value: Offer | null;
}

export interface DescribedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly DescribedOption[];
  readonly arguments: readonly Offer[];
}

export interface DescribedProgram {
  readonly commands: readonly DescribedCommand[];
  /** Those that need no command. */
  readonly options: readonly DescribedOption[];
}

export function describeProgram(program: Command): DescribedProgram {
  const helper = program.createHelp();
  const options = (command: Command): DescribedOption[] => helper.visibleOptions(command).map(describeOption);
  const commands = helper.visibleCommands(program).map((command): DescribedCommand => {
    const isHelp = command.name() === 'help';
    return {
      name: command.name(),
      description: command.description(),
      options: isHelp ? [] : options(command),
      arguments: command.registeredArguments.map(describeArgument),
    };
  });
  return { commands, options: options(program) };
}

function describeOption({ short, long, description, required, argChoices }: Option): DescribedOption {
  const flags = [short, long].filter((flag) => flag !== undefined);
  return { flags, description, value: required ? offerOf(argChoices, long === '--output') : null };
}

function describeArgument(argument: Argument): Offer {
  return offerOf(argument.argChoices, argument.name() === 'FILE');
}

function offerOf(words: readonly string[] | undefined, isFile: boolean): Offer {
  if (words !== undefined) return { kind: 'words', words };
  return { kind: isFile ? 'file' : 'nothing' };
}
