import { heldTextBytes, keysPieces, keysText, PIECE_BYTES } from './keys-text';

/** With the last keys on a page of their own. */
async function piecesOf(keys: readonly string[], cursor: string | null): Promise<string[]> {
  const pieces: string[] = [];
  async function* pages(): AsyncGenerator<readonly string[]> {
    yield keys.slice(0, -2);
    await Promise.resolve();
    yield keys.slice(-2);
    yield [];
  }
  for await (const piece of keysPieces(pages(), () => cursor)) pieces.push(piece);
  return pieces;
}

const KINDS: readonly (readonly [string, (index: number) => string])[] = [
  ['plain keys', (index) => `key "${index}" \u20ac`],
  ['long keys of control characters', (index) => '\u0001'.repeat(1000) + String(index)],
  ['long keys of three bytes for a character', (index) => '\u20ac'.repeat(340) + String(index)],
];

describe.each(KINDS)('a list of %s', (_kind, keyOf) => {
  it.each([0, 1, 2, 100, 5000])('of %d is written in pieces as it would be at once', async (count) => {
    const keys = Array.from({ length: count }, (_, index) => keyOf(index));
    const text = JSON.stringify({ keys });
    expect((await piecesOf(keys, null)).join('')).toBe(text);
    expect(keysText(keys, null) ?? text).toBe(text);
    expect(JSON.parse((await piecesOf(keys, 'next')).join(''))).toEqual({ keys, next_cursor: 'next' });
  });

  it('is never in memory with more bytes of text than it is charged for', async () => {
    const keys = Array.from({ length: 5000 }, (_, index) => keyOf(index));
    const sizes = (await piecesOf(keys, null)).map((piece) => Buffer.byteLength(piece));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(PIECE_BYTES + 1);
    expect(heldTextBytes(keys)).toBe(PIECE_BYTES);
    expect(keysText(keys, null)).toBeNull();
    const few = keys.slice(0, 5);
    expect(Buffer.byteLength(keysText(few, null) ?? '')).toBeLessThanOrEqual(heldTextBytes(few) + 11);
  });
});
