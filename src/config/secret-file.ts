// The secret from a file: its whole content without white space at either end. The content is never
// shown.
import { readFileSync, statSync } from 'node:fs';

/**
 * A secret has 1024 characters at most. What is far longer is another file, a pipe or a device that
 * never ends.
 */
const FILE_BYTES_MAX = 16_384;
const SECRET_LENGTH_MAX = 1024;

export type SecretFile =
  /** `mode` as stat gives it. */
  | { readonly ok: true; readonly secret: string; readonly mode: number }
  | { readonly ok: false; readonly problem: string };

export function readSecretFile(path: string): SecretFile {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return failed('it is no file');
    if (stat.size > FILE_BYTES_MAX) return failed(`it has ${stat.size} bytes`);
    const text = textOf(readFileSync(path));
    if (text === null) return failed('it is no UTF-8 text');
    const secret = text.trim();
    if (secret === '') return failed('it is empty');
    if (secret.length > SECRET_LENGTH_MAX) return failed(`it has ${secret.length} characters`);
    if (/\p{Cc}/u.test(secret)) return failed('it has several lines, or control characters');
    return { ok: true, secret, mode: stat.mode };
  } catch (error) {
    return failed(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

/** Null for what is no text: different bytes would become the same secret. */
function textOf(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function failed(reason: string): SecretFile {
  return { ok: false, problem: `a file with 1..${SECRET_LENGTH_MAX} characters; ${reason}` };
}
