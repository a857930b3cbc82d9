// The value to store: a file, standard input, or the text of an option.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ValueSource } from '../../client/index';
import { CliError, InputError } from '../cli-error';
import type { Context } from '../context';

export interface GivenValue {
  /** Gives the same bytes each time that it is asked. */
  readonly source: ValueSource;
  readonly bytes: number;
}

/** Standard input is held whole, because a write may be tried again. */
const STDIN_BYTES_MAX = 1_073_741_824;

export async function readValue(
  context: Context,
  file: string | undefined,
  text: string | undefined,
): Promise<GivenValue> {
  if (text !== undefined) {
    if (file !== undefined) throw new InputError('FILE', file, 'nothing, because --value is the value');
    return given(Buffer.from(text));
  }
  return file === undefined || file === '-' ? given(await readStdin(context)) : readFile(file);
}

function given(bytes: Buffer): GivenValue {
  return { source: bytes, bytes: bytes.length };
}

async function readStdin({ stop, note }: Context): Promise<Buffer> {
  const { stdin } = process;
  if (stdin.isTTY) note('type the value and end it with Ctrl-D');
  const parts: Buffer[] = [];
  let bytes = 0;
  const end = (): void => void stdin.destroy();
  stop.addEventListener('abort', end, { once: true });
  for await (const part of stdin as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > STDIN_BYTES_MAX) throw new InputError('FILE', '-', 'at most 1 GiB on standard input');
    parts.push(part);
  }
  stop.throwIfAborted();
  return Buffer.concat(parts);
}

/** A file is read while it is sent, each time anew. A pipe can be read only once, and is held. */
async function readFile(path: string): Promise<GivenValue> {
  const found = await stat(path).catch((error: unknown) => cannotRead(path, error));
  if (found.isDirectory()) throw new InputError('FILE', path, 'a file, not a folder');
  if (!found.isFile()) {
    const parts = await createReadStream(path)
      .toArray()
      .catch((error: unknown) => cannotRead(path, error));
    return given(Buffer.concat(parts as Buffer[]));
  }
  const source = (): ReadableStream<Uint8Array> =>
    Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  return { source, bytes: found.size };
}

function cannotRead(path: string, error: unknown): never {
  const { code = 'failed', message } = error as NodeJS.ErrnoException;
  throw new CliError({ ending: 'failed', code, message: `cannot read ${path}: ${message}` });
}
