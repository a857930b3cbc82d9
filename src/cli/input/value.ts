// The value to store: a file, standard input, or the text of an option. What cannot be read to its
// end is no value.
import { createReadStream, fstat, ReadStream } from 'node:fs';
import { readFile as readWhole, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { ValueSource } from '../../client/index';
import { CliError, InputError } from '../cli-error';
import type { Context } from '../context';
import { checkText } from './text';

export interface GivenValue {
  /** Gives the same bytes each time that it is asked. */
  readonly source: ValueSource;
  readonly bytes: number;
}

/** Of what is held whole, because a write may be tried again: no node takes a larger value. */
const HELD_BYTES_MAX = 32 * 1024 * 1024;
/** Files of the kernel have another size than they say. They are small. */
const SMALL_BYTES = 65_536;
const STDIN = 'standard input';

export async function readValue(
  context: Pick<Context, 'stop' | 'note'>,
  file: string | undefined,
  text: string | undefined,
): Promise<GivenValue> {
  if (text !== undefined) {
    if (file !== undefined) throw new InputError('FILE', file, 'nothing, because --value is the value');
    checkText('--value', text, 'UTF-8; a file or standard input may have any bytes');
    return given(Buffer.from(text));
  }
  return file === undefined || file === '-' ? given(await readStdin(context)) : readFile(context, file);
}

function given(bytes: Buffer): GivenValue {
  return { source: bytes, bytes: bytes.length };
}

type Stopping = Pick<Context, 'stop'>;

/** Whatever Node.js cannot read as a stream it takes for an empty one. */
async function readStdin(context: Pick<Context, 'stop' | 'note'>): Promise<Buffer> {
  const { stdin } = process;
  const stream: Readable = stdin;
  const refuse = (allowed: string): never => {
    throw new InputError('FILE', '-', allowed);
  };
  if ((await promisify(fstat)(0)).isDirectory()) refuse('a file or a pipe on standard input, not a folder');
  if (await isClosed()) refuse("a standard input that is open; --value '' is an empty value");
  if (!(stream instanceof Socket) && !(stream instanceof ReadStream))
    refuse('a file, a pipe or a terminal on standard input');
  if (stdin.isTTY) context.note('type the value and end it with Ctrl-D');
  return gather(context, stream, '-', STDIN);
}

/**
 * Node.js puts the null device in the place of a standard input that is closed. It opens that for
 * writing too, as no shell does.
 */
async function isClosed(): Promise<boolean> {
  const [input, none] = await Promise.all([promisify(fstat)(0), stat('/dev/null').catch(() => null)]);
  if (!input.isCharacterDevice() || input.rdev !== none?.rdev) return false;
  const told = await readWhole('/proc/self/fdinfo/0', 'latin1').catch(() => '');
  return (Number.parseInt(/^flags:\s*([0-7]+)/m.exec(told)?.[1] ?? '0', 8) & 3) === 2;
}

async function gather({ stop }: Stopping, from: Readable, file: string, what: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  const end = (): void => void from.destroy();
  stop.addEventListener('abort', end, { once: true });
  try {
    for await (const part of from as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > HELD_BYTES_MAX)
        throw new InputError(
          'FILE',
          file,
          'at most 32 MiB of what is no plain file: no node takes a larger value',
        );
      parts.push(part);
    }
  } catch (error) {
    stop.throwIfAborted();
    cannotRead(what, error);
  } finally {
    stop.removeEventListener('abort', end);
  }
  stop.throwIfAborted();
  return Buffer.concat(parts);
}

/** A file is read while it is sent, each time anew. A pipe can be read only once, and is held. */
async function readFile(context: Stopping, path: string): Promise<GivenValue> {
  if (path === '') throw new InputError('FILE', path, 'a file, or - for standard input');
  checkText('FILE', path, 'a name of UTF-8; standard input takes any file');
  const found = await stat(path).catch((error: unknown) => cannotRead(path, error));
  if (found.isDirectory()) throw new InputError('FILE', path, 'a file, not a folder');
  if (!found.isFile() || found.size <= SMALL_BYTES)
    return given(await gather(context, createReadStream(path), path, path));
  const source = (): ReadableStream<Uint8Array> =>
    Readable.toWeb(Readable.from(wholeFile(path, found.size))) as ReadableStream<Uint8Array>;
  return { source, bytes: found.size };
}

async function* wholeFile(path: string, size: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
      bytes += part.length;
      yield part;
    }
  } catch (error) {
    cannotRead(path, error);
  }
  if (bytes === size) return;
  const message = `cannot read ${path}: it had ${size} bytes at first, and ${bytes} when it was sent`;
  throw new CliError({ ending: 'failed', code: 'file-changed', message });
}

function cannotRead(what: string, error: unknown): never {
  if (error instanceof CliError) throw error;
  const { code = 'failed', message } = error as NodeJS.ErrnoException;
  throw new CliError({ ending: 'failed', code, message: `cannot read ${what}: ${message}` });
}
