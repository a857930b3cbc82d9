// Reads the arguments and runs the command that they name.
import { buildProgram } from './program';
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
    await program.parseAsync([...args], { from: 'user' });
    return ending;
  });
}
