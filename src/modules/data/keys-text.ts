// Key listings as JSON. Long ones are written piece by piece with a turn of the event loop between
// the pieces, so that a listing of a million keys delays nobody else, and no more of its text is in
// memory than its client takes. Pieces are cut by the bytes of their text: JSON writes a control
// character in six.
import { setImmediate } from 'node:timers/promises';

/** Text that is made in one go, at most; less than half a millisecond's work. */
export const PIECE_BYTES = 128 * 1024;

/** What one UTF-16 unit of a key takes at most: `\u0001`. */
const ESCAPED_BYTES_MAX = 6;
/** Quotation marks and a comma. */
const AROUND_BYTES = 3;

/** The JSON text in one, null when it is too long for that: then it is to be written in pieces. */
export function keysText(keys: readonly string[], nextCursor: string | null): string | null {
  if (pieceEnd(keys, 0) < keys.length) return null;
  return `{"keys":${JSON.stringify(keys)}${ending(nextCursor)}`;
}

/**
 * The same text, however long.
 * @param nextCursor is asked when all pages were taken
 */
export async function* keysPieces(
  pages: AsyncIterable<readonly string[]>,
  nextCursor: () => string | null,
): AsyncGenerator<string> {
  yield '{"keys":[';
  let isFirst = true;
  for await (const keys of pages) {
    for (let start = 0; start < keys.length; isFirst = false) {
      const end = pieceEnd(keys, start);
      const piece = JSON.stringify(keys.slice(start, end)).slice(1, -1);
      yield isFirst ? piece : `,${piece}`;
      start = end;
      await setImmediate();
    }
  }
  yield `]${ending(nextCursor())}`;
}

/** Bytes of text that are held for these keys at a time, at most. */
export function heldTextBytes(keys: readonly string[]): number {
  if (pieceEnd(keys, 0) < keys.length) return PIECE_BYTES;
  return keys.reduce((sum, key) => sum + textBytesMax(key), 0);
}

/** Where the piece ends that begins at `start`: behind one key at least. */
function pieceEnd(keys: readonly string[], start: number): number {
  let [end, bytes] = [start, 0];
  while (end < keys.length) {
    bytes += textBytesMax(keys[end]);
    if (bytes > PIECE_BYTES && end > start) break;
    end += 1;
  }
  return end;
}

function textBytesMax(key: string): number {
  return ESCAPED_BYTES_MAX * key.length + AROUND_BYTES;
}

function ending(nextCursor: string | null): string {
  return nextCursor === null ? '}' : `,"next_cursor":${JSON.stringify(nextCursor)}}`;
}
