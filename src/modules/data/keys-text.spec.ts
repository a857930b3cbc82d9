import { KEYS_PER_PIECE, keysPieces, keysText } from './keys-text';

async function joined(keys: readonly string[], cursor: string | null): Promise<string> {
  let text = '';
  for await (const piece of keysPieces(keys, cursor)) text += piece;
  return text;
}

it.each([0, 1, KEYS_PER_PIECE, KEYS_PER_PIECE + 1, 3 * KEYS_PER_PIECE])(
  'writes %d keys in pieces as it would at once',
  async (count) => {
    const keys = Array.from({ length: count }, (_, index) => `key "${index}" €`);
    expect(await joined(keys, null)).toBe(keysText(keys, null));
    expect(JSON.parse(await joined(keys, 'next'))).toEqual({ keys, next_cursor: 'next' });
  },
);
