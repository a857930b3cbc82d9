// An option that is given twice: nobody could tell which one counts.
import type { Command, Option } from 'commander';
import { InputError } from '../cli-error';

/** Of all commands, and of what stands in front of them. What takes no value may be repeated. */
export function refuseRepetition(program: Command): void {
  const given = new Map<string, string>();
  const hear = (command: Command, option: Option): void => {
    const name = option.name();
    const field = option.long ?? name;
    command.on(`option:${name}`, (value: string) => {
      const first = given.get(name);
      if (first !== undefined)
        throw new InputError(field, value, `one ${field}, and ${JSON.stringify(first)} was given before`);
      given.set(name, value);
    });
  };
  for (const command of [program, ...program.commands])
    for (const option of command.options) if (option.required) hear(command, option);
}
