// Where a value goes: a file that is there whole or not at all, or standard output.
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { CliError } from '../cli-error';
import type { Context } from '../context';

export interface Target {
  readonly write: (chunk: Uint8Array) => Promise<void>;
  /** All was written. */
  readonly finish: () => Promise<void>;
  /** It will not be whole. */
  readonly discard: () => Promise<void>;
}

export async function openTarget({ streams }: Context, path: string): Promise<Target> {
  if (path !== '-') return openFile(path);
  const nothing = (): Promise<void> => Promise.resolve();
  return { write: streams.write, finish: nothing, discard: nothing };
}

/** What is no plain file (a pipe, /dev/null) is written as it is. */
async function openFile(path: string): Promise<Target> {
  const found = await stat(path).catch(() => null);
  const isSpecial = found !== null && !found.isFile() && !found.isDirectory();
  const staged = isSpecial ? path : `${path}.${process.pid}.part`;
  const file = createWriteStream(staged);
  const failed = once(file, 'error').then(([error]) => cannotWrite(path, error));
  failed.catch(() => undefined);
  await Promise.race([new Promise((resolve) => file.once('open', resolve)), failed]);
  const write = (chunk: Uint8Array): Promise<void> =>
    Promise.race([new Promise<void>((resolve) => void file.write(chunk, () => resolve())), failed]);
  const close = (): Promise<void> =>
    Promise.race([new Promise<void>((resolve) => void file.end(() => resolve())), failed]);
  return {
    write,
    finish: async () => {
      await close();
      if (!isSpecial) await rename(staged, path).catch((error: unknown) => cannotWrite(path, error));
    },
    discard: async () => {
      file.destroy();
      if (!isSpecial) await rm(staged, { force: true });
    },
  };
}

function cannotWrite(path: string, error: unknown): never {
  const { code = 'failed', message } = error as NodeJS.ErrnoException;
  throw new CliError({ ending: 'failed', code, message: `cannot write ${path}: ${message}` });
}
