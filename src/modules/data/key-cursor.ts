// Cursors of key listings: the last key of the page, in base64url so that it survives any query string. Clients treat
// them as opaque.
import { isUtf8 } from 'node:buffer';

export function encodeCursor(lastKey: string): string {
  return Buffer.from(lastKey, 'utf8').toString('base64url');
}

/** The key to continue behind; null when `cursor` was not written by `encodeCursor` or names too long a key. */
export function decodeCursor(cursor: string, keyBytesMax: number): string | null {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length === 0 || bytes.length > keyBytesMax || !isUtf8(bytes)) return null;
  return bytes.toString('base64url') === cursor ? bytes.toString('utf8') : null;
}
