// `repram completion SHELL`: what the shell must know to complete the command line.
import type { Command } from 'commander';
import { bashScript } from '../completion/bash';
import { describeProgram } from '../completion/described';
import { fishScript } from '../completion/fish';
import type { Shell } from '../completion/shells';
import { zshScript } from '../completion/zsh';
import type { Context } from '../context';
import type { Ending } from '../exit-codes';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

type Run = (context: Context, args: readonly (string | undefined)[]) => Promise<Ending>;

export function completionOf(program: Command): Run {
  return async (context, [shell]) => {
    const script = SCRIPTS[shell as Shell](describeProgram(program));
    if (context.isJson) await context.document({ shell, script });
    else await context.streams.write(script);
    return 'done';
  };
}
