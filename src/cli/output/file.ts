// Where a value goes: a file that is there whole or as it was, or standard output.
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, fstat, rmSync, writeFile } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { CliError } from '../cli-error';
import type { Context } from '../context';
import type { Place } from './place';

export interface Target {
  readonly write: (chunk: Uint8Array) => Promise<void>;
  /** All was written. */
  readonly finish: () => Promise<void>;
  /** It will not be whole. */
  readonly discard: () => Promise<void>;
}

const NEW_FILE = 0o666;
/** Whoever may not read the file may not read what will be in it. */
const PRIVATE_FILE = 0o600;

/** @param output as it was typed, for what goes wrong */
export async function openTarget(context: Context, place: Place, output: string): Promise<Target> {
  try {
    return guarded(await opened(context, place), output);
  } catch (error) {
    return cannotWrite(output, error);
  }
}

function opened({ streams }: Context, place: Place): Promise<Target> {
  switch (place.kind) {
    case 'descriptor':
      return openDescriptor(streams, place.number);
    case 'special':
      return openSpecial(place.path);
    case 'file':
      return openFile(place.path);
  }
}

function guarded(target: Target, output: string): Target {
  const told = (error: unknown): never => cannotWrite(output, error);
  return {
    write: (chunk) => target.write(chunk).catch(told),
    finish: () => target.finish().catch(told),
    discard: target.discard,
  };
}

const nothing = (): Promise<void> => Promise.resolve();

async function openDescriptor(streams: Context['streams'], number: number): Promise<Target> {
  if (number === 1) return { write: streams.write, finish: nothing, discard: nothing };
  if (number === 2) return { write: streams.writeError, finish: nothing, discard: nothing };
  await promisify(fstat)(number);
  return { write: (chunk) => promisify(writeFile)(number, chunk), finish: nothing, discard: nothing };
}

async function openSpecial(path: string): Promise<Target> {
  const file = await open(path, 'w');
  const close = (): Promise<void> => file.close();
  return { write: (chunk) => file.writeFile(chunk), finish: close, discard: close };
}

/** Written beside it first, under a name that nobody can guess and nothing else has. */
async function openFile(path: string): Promise<Target> {
  const found = await stat(path).catch(() => null);
  const staged = join(dirname(path), `.repram-${randomBytes(8).toString('hex')}.part`);
  const file = await open(staged, 'wx', found === null ? NEW_FILE : PRIVATE_FILE);
  // However the process ends.
  const removeAtEnd = (): void => rmSync(staged, { force: true });
  process.on('exit', removeAtEnd);
  const discard = async (): Promise<void> => {
    await file.close().catch(() => undefined);
    await rm(staged, { force: true });
  };
  return {
    write: (chunk) => file.writeFile(chunk),
    finish: async () => {
      const isLikeIt = found === null || (await becomes(file, found));
      await file.close();
      if (isLikeIt) return rename(staged, path);
      await pipeline(createReadStream(staged), createWriteStream(path));
      await rm(staged);
    },
    discard,
  };
}

type Found = Awaited<ReturnType<typeof stat>>;

/** Whether nobody can tell it from the file that it replaces but by what is in it. */
async function becomes(file: FileHandle, { mode, nlink, uid, gid }: Found): Promise<boolean> {
  const made = await file.stat();
  if (Number(nlink) > 1 || uid !== made.uid || gid !== made.gid) return false;
  await file.chmod(Number(mode) & 0o7777);
  return true;
}

function cannotWrite(output: string, error: unknown): never {
  if (error instanceof CliError) throw error;
  const { code = 'failed', message } = error as NodeJS.ErrnoException;
  throw new CliError({ ending: 'failed', code, message: `cannot write ${output}: ${message}` });
}
