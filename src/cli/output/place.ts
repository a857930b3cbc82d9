// What a name of a file means: a descriptor that this process was given, something that is written
// as it is, or a file that can be replaced as a whole.
import { lstat, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../cli-error';
import { checkText } from '../input/text';

export type Place =
  /** `/dev/stdout` and the like. To open these anew would begin at the start of the file behind. */
  | { readonly kind: 'descriptor'; readonly number: number }
  /** A pipe, a device, or a file of the kernel. */
  | { readonly kind: 'special'; readonly path: string }
  /** Behind all links; perhaps not there yet. */
  | { readonly kind: 'file'; readonly path: string };

const ALLOWED = 'a file, or - for standard output';
const LINKS_MAX = 40;
/** As `/dev/fd` is called behind all links, on Linux and elsewhere. */
const OWN_DESCRIPTORS = new RegExp(`^(?:/proc/${process.pid}(?:/task/\\d+)?|/dev)/fd/(\\d{1,9})$`);
const OF_KERNEL = /^\/(?:proc|sys)\//;

/** @throws InputError for what can be no file; errors of the system as they come */
export async function placeOf(output: string): Promise<Place> {
  if (output === '-') return { kind: 'descriptor', number: 1 };
  if (output === '' || output.endsWith('/')) throw new InputError('--output', output, ALLOWED);
  checkText('--output', output, 'a name of UTF-8, or - for standard output');
  let path = output;
  for (let links = 0; links < LINKS_MAX; links += 1) {
    const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path)));
    path = join(folder, basename(path));
    const own = OWN_DESCRIPTORS.exec(path);
    if (own !== null) return { kind: 'descriptor', number: Number(own[1]) };
    if (OF_KERNEL.test(path)) return { kind: 'special', path };
    const found = await lstat(path).catch(() => null);
    if (found?.isDirectory() === true) throw new InputError('--output', output, `${ALLOWED}, not a folder`);
    if (found === null || found.isFile()) return { kind: 'file', path };
    if (!found.isSymbolicLink()) return { kind: 'special', path };
    path = resolve(folder, await readlink(path));
  }
  throw new InputError('--output', output, `${ALLOWED}, not links that never end`);
}
