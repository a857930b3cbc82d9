// `repram completion SHELL`: what the shell must know to complete the command line.
import { bashScript } from '../completion/bash';
import { describeProgram } from '../completion/described';
import { fishScript } from '../completion/fish';
import { zshScript } from '../completion/zsh';
import type { Context } from '../context';
import type { Ending } from '../exit-codes';
import { buildProgram, type SHELLS } from '../program';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

export async function completion(
  context: Context,
  [shell]: readonly (string | undefined)[],
): Promise<Ending> {
  const program = buildProgram({ context: () => context }, () => undefined);
  const script = SCRIPTS[shell as (typeof SHELLS)[number]](describeProgram(program));
  if (context.isJson) await context.document({ shell, script });
  else await context.streams.write(script);
  return 'done';
}
