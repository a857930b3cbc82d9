// Cursors of key listings: the last key of the page. They are in base64url, so that they survive
// any query string, and clients treat them as opaque. Clients of REPRAM v2 make cursors themselves.
// So below /v1 a cursor is the key as it is.
import { isUtf8 } from 'node:buffer';

export function encodeCursor(lastKey: string): string {
  return Buffer.from(lastKey, 'utf8').toString('base64url');
}

/**
 * The key to continue behind. Null when `cursor` was not written by `encodeCursor` or names too
 * long a key.
 */
export function decodeCursor(cursor: string, keyBytesMax: number): string | null {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length === 0 || bytes.length > keyBytesMax || !isUtf8(bytes)) return null;
  return bytes.toString('base64url') === cursor ? bytes.toString('utf8') : null;
}

/** How cursors of one route are written and read. */
export interface CursorForm {
  readonly encode: (lastKey: string) => string;
  /** Null when it is no cursor of this form. */
  readonly decode: (cursor: string, keyBytesMax: number) => string | null;
}

export const OPAQUE: CursorForm = { encode: encodeCursor, decode: decodeCursor };

/** The empty one stands for the start. */
export const LAST_KEY: CursorForm = {
  encode: (lastKey) => lastKey,
  decode: (cursor, keyBytesMax) => (Buffer.byteLength(cursor) <= keyBytesMax ? cursor : null),
};
