// Key listings as JSON. Long ones are written piece by piece with a turn of the event loop between
// the pieces. So a listing of a million keys delays no other request.
import { setImmediate } from 'node:timers/promises';

/** Keys turned into text in one go; about half a millisecond's work. */
export const KEYS_PER_PIECE = 2048;

export function keysText(keys: readonly string[], nextCursor: string | null): string {
  return `{"keys":${JSON.stringify(keys)}${ending(nextCursor)}`;
}

/** The same text as `keysText`, in pieces. */
export async function* keysPieces(
  keys: readonly string[],
  nextCursor: string | null,
): AsyncGenerator<string> {
  yield '{"keys":[';
  for (let start = 0; start < keys.length; start += KEYS_PER_PIECE) {
    const piece = JSON.stringify(keys.slice(start, start + KEYS_PER_PIECE)).slice(1, -1);
    yield start === 0 ? piece : `,${piece}`;
    await setImmediate();
  }
  yield `]${ending(nextCursor)}`;
}

function ending(nextCursor: string | null): string {
  return nextCursor === null ? '}' : `,"next_cursor":${JSON.stringify(nextCursor)}}`;
}
