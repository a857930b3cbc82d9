// The secret from a file: its whole content without white space at either end. The content is never shown.
import { readFileSync, statSync } from 'node:fs';

/** A secret has 1024 characters at most; what is far longer is another file, a pipe or a device that never ends. */
const FILE_BYTES_MAX = 16_384;
const SECRET_LENGTH_MAX = 1024;

export type SecretFile =
  { readonly ok: true; readonly secret: string } | { readonly ok: false; readonly problem: string };

export function readSecretFile(path: string): SecretFile {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return failed('it is no file');
    if (stat.size > FILE_BYTES_MAX) return failed(`it has ${stat.size} bytes`);
    const secret = readFileSync(path, 'utf8').trim();
    if (secret === '') return failed('it is empty');
    if (secret.length > SECRET_LENGTH_MAX) return failed(`it has ${secret.length} characters`);
    return { ok: true, secret };
  } catch (error) {
    return failed(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

function failed(reason: string): SecretFile {
  return { ok: false, problem: `a file with 1..${SECRET_LENGTH_MAX} characters; ${reason}` };
}
