// Types the commands of a document as a person would, one block after the other.
import { spawn } from 'node:child_process';
import type { ShellBlock } from './shell-blocks';
import { until } from '../basics/until';

export interface TypingOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** The document's ports, names and files as those of the test. */
  readonly local: (text: string) => string;
  readonly limitMs?: number;
}

/** `run`: until it prints what it should. `once`: a single time. */
export async function type({ kind, script, prints }: ShellBlock, options: TypingOptions): Promise<void> {
  const attempt = async (): Promise<boolean> => {
    const output = await bash(options.local(script), options);
    const missing = prints.map(options.local).filter((text) => !output.includes(text));
    if (missing.length > 0) throw new Error(`it does not print ${missing.join(', ')} but ${output}`);
    return true;
  };
  if (kind === 'once') await attempt();
  else await until(attempt, script, 40_000);
}

/** Standard output; rejects when the exit code is not 0. */
function bash(script: string, { environment, limitMs = 10_000 }: TypingOptions): Promise<string> {
  const args = ['-e', '-o', 'pipefail', '-c', script];
  const child = spawn('bash', args, { env: environment, timeout: limitMs });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`exit code ${code ?? 'none'}; printed: ${output}`));
    });
  });
}
