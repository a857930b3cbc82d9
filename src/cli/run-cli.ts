// Reads the arguments and runs the command that they name.
import type { Command } from 'commander';
import { buildProgram } from './program';
import { CliError } from './cli-error';
import { Session } from './session';
import type { Ending } from './exit-codes';

/** @param args without the interpreter and the script */
export async function runCli(args: readonly string[]): Promise<void> {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const session = new Session(options.includes('--json'));
  let ending: Ending = 'done';
  const program = buildProgram(session, (reached) => {
    ending = reached;
  });
  const command = options.find((word) => program.commands.some((each) => each.name() === word));
  if (command !== undefined) session.usage = `repram ${command} --help`;
  await session.run(async () => {
    refuseUnknownHelp(program, options);
    await program.parseAsync([...args], { from: 'user' });
    return ending;
  });
}

/** Commander would print the help of all commands, and no word of what it does not know. */
function refuseUnknownHelp({ commands }: Command, words: readonly string[]): void {
  const [first, name = 'help'] = words.filter((word) => !word.startsWith('-')) as [string?, string?];
  if (first !== 'help' || name === 'help' || commands.some((each) => each.name() === name)) return;
  const advice = 'see repram --help';
  throw new CliError({ ending: 'usage', code: 'usage', message: `unknown command '${name}'`, advice });
}
